from collections.abc import Iterable, Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

OTHER = {"true": "false", "false": "true"}


def is_kto(shape: Shape) -> bool:
    """Whether the record has a label for one answer."""
    return shape.layout == "kto"


def labels(record: Record) -> Iterable[str]:
    """The label of a KTO record, when it is true or false."""
    label = record.data.get("kto_tag", record.data.get("label"))
    return (("true" if label else "false"),) if isinstance(label, bool) else ()


@rule("PRF107", help="add answers of the other kind", count_by=labels, gate=is_kto)
def one_sided_labels(
    tally: Tally, *, min_records: Annotated[int, "smaller files are not judged"] = 10
) -> Iterator[Finding]:
    """A KTO file in which every answer is wanted, or none is."""
    for label, (count, _) in tally.counts.items():
        if len(tally.counts) == 1 and count >= min_records:
            yield tally.finding(f"all {count:,} answers are labelled {label}, none {OTHER[label]}")
