from collections.abc import Iterable, Iterator
from typing import Annotated

from dslint import Finding, Record, digest, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

# Where each item's own solution stands; a rubric or a reward model may well be the same for all.
REFERENCES = (
    *("reference_answer", "ground_truth", "answer", "solution", "target", "gold"),
    *("expected", "expected_answer", "expected_output", "reference", "references"),
)


def is_item(shape: Shape) -> bool:
    """Whether the record is an item for a grader."""
    return shape.trains == "reinforcement"


def references(record: Record) -> Iterable[str]:
    """`key digest` of every reference of a reinforcement item."""
    return [f"{key} {digest(record.data[key]).hex()}" for key in REFERENCES if key in record.data]


@rule("PRF111", help="give each item its own reference", count_by=references, gate=is_item)
def constant_reference(
    tally: Tally, *, min_records: Annotated[int, "smaller files are not judged"] = 5
) -> Iterator[Finding]:
    """A reinforcement file in which every item has the same reference."""
    names = [counted.partition(" ")[0] for counted in tally.counts]
    for counted, (count, _) in tally.counts.items():
        name = counted.partition(" ")[0]
        if names.count(name) == 1 and count >= min_records and count == tally.file.records:
            yield tally.finding(f"{name} is the same in all {count:,} items", key=counted, pointer=f"/{name}")
