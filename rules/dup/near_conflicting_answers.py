from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, NearPair, question, stars
from dslint.differences import opposed, verdict


def _copied(pair: NearPair) -> bool:
    """Whether the answers differ in just what tells the questions apart, as where both are made from a template."""
    from dslint.similarity import normalise

    asked = [set(normalise(question(fact)).split()) for fact in pair[:2]]
    said = [set(normalise(answer_of(fact.value).shown).split()) for fact in pair[:2]]
    only_asked, only_said = ((one - other, other - one) for one, other in (asked, said))
    return any(only_asked) and only_asked == only_said


@rule("DUP104", help="decide which answer is right; dslint never chooses", group_by=by_text, conflict=True)
def near_conflicting_answers(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 80 to 100"] = 85.0
) -> Iterator[Finding]:
    """Nearly the same question, told apart by no more than typos or neutral words, with different labels."""
    conflicts = []
    for pair in dataset.near(min_score):
        one, other = answer_of(pair.first.value), answer_of(pair.second.value)
        differ = one.label and other.label and one.digest != other.digest
        if differ and dataset.same_request(pair) and not _copied(pair):
            conflicts.append(pair)
    for first, *others in stars(conflicts):
        message = f"nearly the same question: {verdict([first, *others])}"
        place = answer_of(first.value).answered_at
        yield first.finding(message, pointer=place, related=opposed(first, others, asked=True))
