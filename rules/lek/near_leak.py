from collections.abc import Iterator
from typing import Annotated

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import ROLE_ORDER, Dataset, questions_of


@rule("LEK103", help="keep both in one split", group_by=by_text)
def near_leak(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 90.0
) -> Iterator[Finding]:
    """A question that nearly stands in a file of another role."""
    near: dict[Fact, list[Fact]] = {}
    for pair in dataset.near(min_score):
        trained, held_out = sorted(pair[:2], key=lambda fact: ROLE_ORDER.get(fact.role, -1))
        if trained.role and held_out.role and trained.role != held_out.role:
            near.setdefault(held_out, []).append(trained)
    for held_out, trained_facts in near.items():
        role = trained_facts[0].role
        message = f"{held_out.role} question is nearly the same as one in {role}"
        place = answer_of(held_out.value).asked_at
        near_ones = questions_of(trained_facts, f"nearly the same in {role}")
        yield held_out.finding(message, pointer=place, related=near_ones)
