"""Which of very many facts share a key with another, found by sorting columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dslint.facts import ENTRY, Segment


def sharing(segments: Sequence[Segment]) -> list[int]:
    """Places, ascending, of all facts whose key stands more than once, and of a few that share half of one."""
    halves = np.concatenate([_halves(segment) for segment in segments])
    ordered = np.sort(halves)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return []
    place = np.minimum(np.searchsorted(repeated, halves), len(repeated) - 1)
    rows: list[int] = np.flatnonzero(repeated[place] == halves).tolist()
    return rows


def _halves(segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """The first half of each key."""
    words = ENTRY.size // 8
    count = (segment.last - segment.first) * words
    entries = np.frombuffer(segment.entries.data, np.uint64, count, segment.first * ENTRY.size)
    found = entries[1::words].copy()
    del entries
    segment.entries.release()
    return found
