from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, questions_of, stars


@rule(
    "DUP105",
    severity="info",
    help="keep them in one split, or keep one of them",
    preview=True,
    group_by=by_text,
)
def near_duplicate(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 90.0
) -> Iterator[Finding]:
    """Questions that are nearly the same."""
    pairs = [pair for pair in dataset.near(min_score) if pair.first.role == pair.second.role]
    for first, *others in stars(pairs):
        message = f"question is nearly the same as {len(others)} other{'s' if len(others) > 1 else ''}"
        place = answer_of(first.value).asked_at
        yield first.finding(message, pointer=place, related=questions_of(others, "nearly the same"))
