"""Clusters of near-duplicates: stars to report and keep one of, components to hold together in a split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from dslint.similarity.near import Pair

# A larger component has drifted: its ends are no longer alike, so it is cut again along its strongest pairs.
DRIFT_ROWS, DRIFT_SHARE = 50, 0.005
RECUT_SCORE = 95.0


def stars(pairs: Iterable[Pair], rows: int) -> list[list[int]]:
    """Clusters of two or more of `rows` rows, each its centre and then rows paired with the centre, ascending.

    The row with most pairs becomes a centre first (then the lowest) and takes its free neighbours, so nothing
    drifts: every member is a near-duplicate of the centre. Clusters are sorted by their lowest row.
    """
    near = _neighbours(pairs, rows)
    free = set(near)
    clusters = []
    for centre in sorted(sorted(near), key=lambda row: -len(near[row])):
        if centre not in free:
            continue
        free.remove(centre)
        members = sorted(free.intersection(near[centre]))
        free.difference_update(members)
        if members:
            clusters.append([centre, *members])
    return sorted(clusters, key=min)


def components(pairs: Iterable[Pair], rows: int) -> tuple[list[list[int]], int]:
    """Connected components of two or more of `rows` rows, sorted, and how many had drifted and were cut again.

    A component above max(50, 0.5 % of rows) is cut again along its pairs at 95 or above.
    """
    pairs = list(pairs)
    limit = max(DRIFT_ROWS, DRIFT_SHARE * rows)
    found = _connected(pairs, rows)
    drifted = [component for component in found if len(component) > limit]
    inside = {row for component in drifted for row in component}
    strong = [pair for pair in pairs if pair.a in inside and pair.score >= RECUT_SCORE]
    kept = [component for component in found if len(component) <= limit]
    return sorted(kept + _connected(strong, rows)), len(drifted)


def _neighbours(pairs: Iterable[Pair], rows: int) -> dict[int, list[int]]:
    """The rows paired with each row, once each; raises ValueError for a row that is not there."""
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in {pair[:2] for pair in pairs}:
        if not 0 <= a < b < rows:
            raise ValueError(f"pair ({a}, {b}) is not of {rows} rows")
        near[a].append(b)
        near[b].append(a)
    return near


def _connected(pairs: Sequence[Pair], rows: int) -> list[list[int]]:
    near = _neighbours(pairs, rows)
    seen: set[int] = set()
    found = []
    for start in sorted(near):
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for row in component:
            fresh = set(near[row]) - seen
            seen |= fresh
            component.extend(fresh)
        found.append(sorted(component))
    return found
