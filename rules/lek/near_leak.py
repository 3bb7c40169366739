from collections.abc import Iterator
from typing import Annotated

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset
from dslint.differences import compared
from dslint.findings import REFERENCE
from dslint.leaks import sides


@rule("LEK103", help="keep both in one split, or drop what a reference has", group_by=by_text, references=True)
def near_leak(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 90.0
) -> Iterator[Finding]:
    """A question that nearly stands in a file of another role."""
    near: dict[tuple[Fact, bool], list[Fact]] = {}
    for pair in dataset.near(min_score):
        found = sides(pair)
        if found is not None:
            leaked, known = found
            near.setdefault((leaked, known.role == REFERENCE), []).append(known)
    for (leaked, _), others in near.items():
        role = others[0].role
        message = f"{leaked.role} question is nearly the same as one in {role}".lstrip()
        place = answer_of(leaked.value).asked_at
        yield leaked.finding(message, pointer=place, related=compared(leaked, others, f"nearly the same in {role}"))
