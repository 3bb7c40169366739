from collections.abc import Iterable, Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.preferences import is_preference, sides


def longer_side(record: Record) -> Iterable[str]:
    """Which answer of a pair has more characters."""
    chosen, rejected = (len(side.text) for side in sides(record))
    return ("chosen" if chosen > rejected else "rejected" if rejected > chosen else "neither",)


@rule(
    "PRF112",
    severity="info",
    preview=True,
    help="add pairs whose shorter answer is the better one",
    count_by=longer_side,
    gate=is_preference,
)
def length_bias(
    tally: Tally,
    *,
    max_share: Annotated[float, "share of pairs in which one side may be the longer one"] = 0.85,
    min_pairs: Annotated[int, "smaller files are not judged"] = 50,
) -> Iterator[Finding]:
    """Preference pairs in which nearly always the same side is the longer one."""
    pairs = sum(count for count, _ in tally.counts.values())
    for side in ("chosen", "rejected"):
        count = tally.counts.get(side, (0, 0))[0]
        if pairs >= min_pairs and count > max_share * pairs:
            yield tally.finding(f"the {side} answer is the longer one in {count:,} of {pairs:,} pairs")
