from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, stars
from dslint.differences import opposed, verdict
from dslint.disagreement import contradicting


@rule("DUP104", help="decide which answer is right; dslint never chooses", group_by=by_text, conflict=True)
def near_conflicting_answers(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 85.0
) -> Iterator[Finding]:
    """Nearly the same question, told apart by no more than typos or neutral words, with different labels."""
    found = contradicting(dataset, min_score)
    conflicts = [one.pair for one in found if not (one.difference.reason or one.copied)]
    for first, *others in stars(conflicts):
        message = f"nearly the same question: {verdict([first, *others])}"
        place = answer_of(first.value).answered_at
        yield first.finding(message, pointer=place, related=opposed(first, others, asked=True))
