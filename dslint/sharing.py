"""Which of very many facts share a key with another, found by sorting columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dslint.facts import ENTRY, Segment
from dslint.similarity.sketch import U64, repeated


def sharing(segments: Sequence[Segment]) -> list[int]:
    """Places, ascending, of all facts whose key stands more than once, and of a few that share half of one."""
    places: list[int] = repeated(np.concatenate([_halves(segment) for segment in segments])).tolist()
    return places


def _halves(segment: Segment) -> U64:
    """The first half of each key."""
    words = ENTRY.size // 8
    count = (segment.last - segment.first) * words
    entries = np.frombuffer(segment.entries.data, np.uint64, count, segment.first * ENTRY.size)
    found = entries[1::words].copy()
    segment.entries.release()
    return found
