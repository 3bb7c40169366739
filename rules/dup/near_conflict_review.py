from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, stars
from dslint.differences import opposed, verdict
from dslint.disagreement import contradicting, learned


@rule("DUP106", severity="info", help="read them side by side", preview=True, group_by=by_text, conflict=True)
def near_conflict_review(
    dataset: Dataset,
    *,
    min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 85.0,
    min_support: Annotated[int, "near pairs that must differ in a word before it counts as learned"] = 5,
    max_change: Annotated[float, "share of those pairs, 0 to 1, whose labels may differ"] = 0.15,
) -> Iterator[Finding]:
    """Different labels on questions told apart by word order, or by words that change no label in this set."""
    differing = contradicting(dataset, min_score)
    words = learned(dataset, min_score) if differing else None
    doubtful = []
    for found in differing:
        reason, changed = found.difference
        harmless = reason == "word" and words is not None and words.harmless(changed, min_support, max_change)
        if (harmless or reason == "reordered") and not found.copied:
            doubtful.append(found.pair)
    for first, *others in stars(doubtful):
        message = f"perhaps the same question: {verdict([first, *others])}"
        place = answer_of(first.value).answered_at
        yield first.finding(message, pointer=place, related=opposed(first, others, asked=True))
