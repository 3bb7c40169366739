from collections.abc import Iterable, Iterator

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

RARE = 0.05  # a key that fewer records have, or lack, is drift; a key of half of them is a choice


def keys_of(shape: Shape) -> Iterable[str]:
    """Each top-level key, and each key that is missing is told from the total."""
    return shape.keys


@rule("REC106", help="give every record the same keys", count_by=keys_of)
def key_drift(tally: Tally) -> Iterator[Finding]:
    """A top-level key that a few records of the file have or lack."""
    total = tally.file.records
    if sum(count > 0 for count in tally.file.layouts.values()) != 1 or total < 1 / RARE:
        return
    for key, (count, _) in sorted(tally.counts.items()):
        if count <= total * RARE:
            yield tally.finding(f"{count:,} of {total:,} records have a key {key[:30]!r}", key=key)
        elif total > count >= total * (1 - RARE):
            yield tally.finding(f"{total - count:,} of {total:,} records lack the key {key[:30]!r}")
