"""How numbers spread: counts of whole numbers in bins that people can read."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, pairwise
from typing import NamedTuple

MOST = 16  # bins that a narrow page has room for
SKEWED = 16  # from this ratio of the greatest to the median on, each bin is twice as wide as the one before
STEPS = (1, 2, 5)


class Bin(NamedTuple):
    """`number` values from `low` to `high`, both included."""

    low: int
    high: int
    number: int


def bins(values: Iterable[int]) -> list[Bin]:
    """At most some MOST bins side by side that hold all of these numbers, which are not negative; [] for none.

    Their edges are round numbers, or powers of two where a few numbers are far greater than most.
    """
    ordered = sorted(values)
    if not ordered:
        return []
    low, middle, high = ordered[0], ordered[len(ordered) // 2], ordered[-1]
    edges = _doubling(low, high) if high > SKEWED * max(middle, 1) else _even(low, high)
    times: Counter[int] = Counter()
    place = 0
    for value in ordered:
        while value >= edges[place + 1]:
            place += 1
        times[edges[place]] += 1
    last = edges.index(max(times))
    return [Bin(start, end - 1, times[start]) for start, end in pairwise(edges[: last + 2])]


def _doubling(low: int, high: int) -> list[int]:
    """Powers of two, the last one beyond `high`; 0 where the first would be too great, and halves where few."""
    last = high.bit_length()
    first = max(low.bit_length() - 1, last - MOST + 1, 0)
    edges = [1 << power for power in range(first, last + 1)]
    if len(edges) <= MOST // 2 and first:
        edges += [edge * 3 // 2 for edge in edges[:-1]]
    edges = sorted(edges if low >= edges[0] else [0, *edges])
    return edges[bisect_right(edges, low) - 1 :]


def _even(low: int, high: int) -> list[int]:
    """Multiples of a round step, the last one beyond `high`."""
    step = next(step for step in _round() if high // step - low // step < MOST)
    return [step * place for place in range(low // step, high // step + 2)]


def _round() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 …"""
    return (step * 10**power for power in count() for step in STEPS)
