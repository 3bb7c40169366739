"""Which cluster goes to which part: shares and sizes met as near as whole clusters allow, strata in proportion.

The clusters of a stratum stand in the order of a hash of their content, and each part takes a stretch of it. So the
order of the lines means nothing, and rows added later move no others but a few that stand beside a cut.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from dslint.clustering import Row

GAIN = 1e-6  # rows; less is rounding
MIXED = "\0several"  # the stratum of a cluster whose rows are of several


def position(digest: bytes, seed: int) -> bytes:
    """Where content stands in the order of assignment."""
    return hashlib.blake2b(digest, digest_size=16, key=str(seed).encode()[:64]).digest()


class Cluster(NamedTuple):
    """Rows that go together: their order, their number, the stratum all of them are of, or MIXED."""

    order: bytes
    size: int
    stratum: str
    rows: Sequence[Row]


def cluster_of(rows: Sequence[Row], seed: int) -> Cluster:
    """The cluster that these rows are."""
    strata = {row.stratum for row in rows}
    stratum = strata.pop() if len(strata) == 1 else MIXED
    return Cluster(position(min(row.digest for row in rows), seed), len(rows), stratum, rows)


def assign(
    clusters: Iterable[Cluster], wanted: Mapping[str, float], fixed: Mapping[str, Counter[str]]
) -> Iterator[tuple[str, Cluster]]:
    """(part, cluster) for every cluster; `wanted` has rows by part, `fixed` those already there, by stratum.

    Clusters of several strata come first, so that those of one stratum can even out what they bring.
    """
    bins = Bins(wanted, fixed)
    by_stratum: dict[str, list[Cluster]] = {}
    for cluster in sorted(clusters):
        by_stratum.setdefault(cluster.stratum, []).append(cluster)
    mixed = by_stratum.pop(MIXED, [])
    through = sum(bins.rows.values()) + sum(cluster.size for cluster in mixed)
    bins.fill(mixed, through, Counter(bins.rows))
    rows = sum(bins.strata.values(), Counter[str]())
    for stratum, having in by_stratum.items():
        rows[stratum] += sum(cluster.size for cluster in having)
    # The largest first; what one stratum misses by, the next makes up for, so that the totals come right.
    through, had = 0, Counter[str]()
    for stratum in sorted(rows, key=lambda name: (-rows[name], name)):
        through += rows[stratum]
        had.update({part: bins.strata[part][stratum] for part in wanted})
        had.update(bins.fill(by_stratum.get(stratum, []), through, had))
    bins.settle()
    for part in wanted:
        for cluster in bins.clusters(part):
            yield part, cluster


def _cut(
    clusters: Sequence[Cluster], lack: Mapping[str, float], wanted: Mapping[str, float]
) -> Iterator[tuple[str, Cluster]]:
    """Cut the order into stretches in proportion to what the parts lack; a cluster goes where its middle stands."""
    largest = max(wanted, key=lambda part: wanted[part])
    parts = [part for part in wanted if lack[part] > 0] or [largest]
    rows = sum(cluster.size for cluster in clusters)
    missing = sum(lack[part] for part in parts) or 1.0
    ends = [end * rows / missing for end in accumulate(lack[part] for part in parts)]
    before, place = 0, 0
    for cluster in clusters:
        middle = before + cluster.size / 2
        while place < len(parts) - 1 and middle > ends[place] + GAIN:
            place += 1
        before += cluster.size
        # A cluster larger than its whole part can only go to the largest.
        yield parts[place] if cluster.size <= wanted[parts[place]] else largest, cluster


class Step(NamedTuple):
    """A cluster of `size` rows from one part to another, and one of `back` rows (0: none) the other way."""

    gain: float
    size: int
    back: int
    source: str
    target: str


class Bins:
    """Parts being filled."""

    def __init__(self, wanted: Mapping[str, float], fixed: Mapping[str, Counter[str]]) -> None:
        self.wanted, self.parts = wanted, list(wanted)
        self.strata = {part: Counter(fixed[part]) for part in wanted}
        self.rows = {part: sum(fixed[part].values()) for part in wanted}
        self.total = max(sum(wanted.values()), 1)
        # part, size, stratum: clusters in their order
        self.free: dict[str, dict[int, dict[str, list[Cluster]]]] = {part: {} for part in wanted}

    def fill(self, clusters: Sequence[Cluster], through: int, had: Mapping[str, int]) -> Counter[str]:
        """Add clusters in their order, so that each part gets its share of `through` rows, of which it `had` some.

        How many rows each part was given.
        """
        lack = {part: max(0.0, share * through / self.total - had[part]) for part, share in self.wanted.items()}
        given = Counter[str]()
        for part, cluster in _cut(clusters, lack, self.wanted):
            self.put(part, cluster)
            given[part] += cluster.size
        return given

    def put(self, part: str, cluster: Cluster) -> None:
        """Add a cluster to a part."""
        insort(self.free[part].setdefault(cluster.size, {}).setdefault(cluster.stratum, []), cluster)
        self.strata[part].update(row.stratum for row in cluster.rows)
        self.rows[part] += cluster.size

    def clusters(self, part: str) -> Iterator[Cluster]:
        """The clusters of a part."""
        for by_stratum in self.free[part].values():
            for having in by_stratum.values():
                yield from having

    def settle(self) -> None:
        """Move and exchange clusters while that brings the parts nearer to what they should have."""
        while (step := self._best()) is not None:
            for _ in range(self._times(step)):
                back = self._take(step.target, step.back, step.source) if step.back else None
                self.put(step.target, self._take(step.source, step.size, step.target))
                if back is not None:
                    self.put(step.source, back)

    def _best(self) -> Step | None:
        """The step that gains most with the fewest rows, between the parts furthest off that have one."""
        off = {part: self.rows[part] - self.wanted[part] for part in self.parts}
        over = sorted((part for part in self.parts if off[part] > GAIN), key=lambda part: -off[part])
        under = sorted((part for part in self.parts if off[part] < -GAIN), key=lambda part: off[part])
        for source in over:
            for target in under:
                steps = self._steps(source, target, off[source], off[target])
                best = min(steps, key=lambda step: (-step.gain, step.size + step.back), default=None)
                if best is not None:
                    return best
        return None

    def _steps(self, source: str, target: str, over: float, under: float) -> Iterator[Step]:
        backs = [0, *sorted(self.free[target])]
        goal = min(over, -under)
        for size in sorted(self.free[source]):
            place = bisect_left(backs, size - goal)
            for back in backs[max(place - 1, 0) : place + 1]:
                moved = size - back
                gain = round(over - under - abs(over - moved) - abs(under + moved), 6)
                if moved > 0 and gain > GAIN:
                    yield Step(gain, size, back, source, target)

    def _times(self, step: Step) -> int:
        moved = step.size - step.back
        over = self.rows[step.source] - self.wanted[step.source]
        under = self.wanted[step.target] - self.rows[step.target]
        having = [self._count(step.source, step.size)]
        having += [self._count(step.target, step.back)] if step.back else []
        return max(1, min(int(min(over, under) // moved), *having))

    def _count(self, part: str, size: int) -> int:
        return sum(map(len, self.free[part][size].values()))

    def _take(self, part: str, size: int, other: str) -> Cluster:
        """Take away a cluster of the stratum that `part` has too much of against `other`, the nearest to it."""
        having = self.free[part][size]
        stratum = max(sorted(having), key=lambda name: self._surplus(part, name) - self._surplus(other, name))
        clusters = having[stratum]
        cluster = clusters.pop(-1 if self.parts.index(part) < self.parts.index(other) else 0)
        if not clusters:
            del having[stratum]
        if not having:
            del self.free[part][size]
        self.strata[part].subtract(row.stratum for row in cluster.rows)
        self.rows[part] -= size
        return cluster

    def _surplus(self, part: str, stratum: str) -> float:
        everywhere = sum(self.strata[other][stratum] for other in self.parts)
        return round(self.strata[part][stratum] - everywhere * self.wanted[part] / self.total, 6)
