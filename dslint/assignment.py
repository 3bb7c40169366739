"""Which cluster goes to which part: shares and sizes met as near as whole clusters allow, strata in proportion.

The clusters of a stratum stand in the order of a hash of their content, and each part takes a stretch of it. So the
order of the lines means nothing, and records added later move no others but a few that stand beside a cut.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.recordset import Ints, Mask, Records

GAIN = 1e-6  # records; less is rounding

Numbers = Sequence[int]  # of clusters


def position(digest: bytes, seed: int) -> bytes:
    """Where content stands in the order of assignment."""
    return hashlib.blake2b(digest, digest_size=16, key=str(seed).encode()[:64]).digest()


@dataclass(frozen=True)
class Clusters:
    """Clusters in their order, as columns: how many records each has (n), and the stratum all of them are of (n).

    The stratum of a cluster of several is `mixed`. `members` are the numbers of the records of all clusters, one
    after the other, `strata` the strata of those, and `ends` (n) the places where the clusters end there.
    """

    size: Ints
    stratum: Ints
    ends: Ints
    members: Ints
    strata: Ints
    mixed: int

    def strata_of(self, number: int) -> list[int]:
        """The strata of the records of one cluster."""
        end = self.ends[number]
        found: list[int] = self.strata[end - self.size[number] : end].tolist()
        return found


def clusters_of(records: Records, cluster: Ints, chosen: Mask, seed: int) -> Clusters:
    """The clusters that the chosen records make; `cluster` and `chosen` say something of all records."""
    members = np.flatnonzero(chosen).astype(np.int32)
    members = members[np.argsort(cluster[members], kind="stable")]
    begins = np.flatnonzero(np.diff(cluster[members], prepend=-1)).astype(np.int32)
    size = np.diff(begins, append=np.int32(len(members)))
    order = np.lexsort(_positions(records, members, size, seed))
    strata = records.stratum[members]
    lowest, highest = (
        least.reduceat(strata, begins)[order] if len(order) else strata for least in (np.minimum, np.maximum)
    )
    begins, size = begins[order], size[order]
    ends = np.cumsum(size, dtype=np.int32)
    moved = np.arange(len(members), dtype=np.int32) + np.repeat(begins - ends + size, size)
    stratum = np.where(lowest == highest, lowest, np.int32(records.mixed))
    return Clusters(size, stratum, ends, members[moved], strata[moved], records.mixed)


def _positions(records: Records, members: Ints, size: Ints, seed: int) -> list[NDArray[np.uint64]]:
    """Keys that sort the clusters by the position of the least of their digests, the second half of it first."""
    cluster = np.full(len(records), -1, np.int32)
    cluster[members] = np.repeat(np.arange(len(size), dtype=np.int32), size)
    found, sizes = bytearray(16 * len(size)), size.data
    least: dict[int, bytes] = {}
    for digest, number in zip(records.digests(), cluster.data, strict=True):
        if number >= 0 and sizes[number] > 1:
            least[number] = min(least.get(number, digest), digest)
        elif number >= 0:
            found[16 * number : 16 * number + 16] = position(digest, seed)
    for number, digest in least.items():
        found[16 * number : 16 * number + 16] = position(digest, seed)
    halves = np.frombuffer(found, ">u8").reshape(-1, 2)
    return [halves[:, 1], halves[:, 0]]


def assign(clusters: Clusters, wanted: Mapping[str, float], fixed: Mapping[str, Counter[int]]) -> NDArray[np.int16]:
    """The part of every cluster, by its place in `wanted`, which has records by part; `fixed` has those already
    there, by stratum.

    Clusters of several strata come first, so that those of one stratum can even out what they bring.
    """
    bins = Bins(clusters, wanted, fixed)
    by_stratum = _by_stratum(clusters)
    mixed = by_stratum.pop(clusters.mixed, array("i"))
    through = sum(bins.rows.values()) + int(clusters.size[mixed].sum())
    bins.fill(mixed, through, Counter(bins.rows))
    rows = sum(bins.strata.values(), Counter[int]())
    for stratum, having in by_stratum.items():
        rows[stratum] += int(clusters.size[having].sum())
    # The largest first; what one stratum misses by, the next makes up for, so that the totals come right.
    through, had = 0, Counter[str]()
    for stratum in sorted(rows, key=lambda name: (-rows[name], name)):
        through += rows[stratum]
        had.update({part: bins.strata[part][stratum] for part in wanted})
        had.update(bins.fill(by_stratum.get(stratum, array("i")), through, had))
    bins.settle()
    return bins.parts_of_all()


def _by_stratum(clusters: Clusters) -> dict[int, array[int]]:
    """The clusters of each stratum, in their order."""
    order = np.argsort(clusters.stratum, kind="stable").astype(np.int32)
    cuts = np.flatnonzero(np.diff(clusters.stratum[order])) + 1
    parts = np.split(order, cuts) if len(order) else []
    return {int(clusters.stratum[part[0]]): array("i", part.tobytes()) for part in parts}


def _cut(
    clusters: Numbers, sizes: Numbers, lack: Mapping[str, float], wanted: Mapping[str, float]
) -> Iterator[tuple[str, int]]:
    """Cut the order into stretches in proportion to what the parts lack; a cluster goes where its middle stands."""
    largest = max(wanted, key=lambda part: wanted[part])
    parts = [part for part in wanted if lack[part] > 0] or [largest]
    rows = sum(sizes[cluster] for cluster in clusters)
    missing = sum(lack[part] for part in parts) or 1.0
    ends = [end * rows / missing for end in accumulate(lack[part] for part in parts)]
    before, place = 0, 0
    for cluster in clusters:
        middle = before + sizes[cluster] / 2
        while place < len(parts) - 1 and middle > ends[place] + GAIN:
            place += 1
        before += sizes[cluster]
        # A cluster larger than its whole part can only go to the largest.
        yield parts[place] if sizes[cluster] <= wanted[parts[place]] else largest, cluster


class Step(NamedTuple):
    """A cluster of `size` records from one part to another, and one of `back` (0: none) the other way."""

    gain: float
    size: int
    back: int
    source: str
    target: str


class Bins:
    """Parts being filled."""

    def __init__(self, clusters: Clusters, wanted: Mapping[str, float], fixed: Mapping[str, Counter[int]]) -> None:
        self.clusters, self.wanted, self.parts = clusters, wanted, list(wanted)
        self.sizes, self.stratum = clusters.size.data, clusters.stratum.data
        self.strata = {part: Counter(fixed[part]) for part in wanted}
        self.rows = {part: sum(fixed[part].values()) for part in wanted}
        self.total = max(sum(wanted.values()), 1)
        # part, size, stratum: clusters in their order
        self.free: dict[str, dict[int, dict[int, array[int]]]] = {part: {} for part in wanted}

    def fill(self, clusters: Numbers, through: int, had: Mapping[str, int]) -> Counter[str]:
        """Add clusters in their order, so that each part gets its share of `through` rows, of which it `had` some.

        How many rows each part was given.
        """
        lack = {part: max(0.0, share * through / self.total - had[part]) for part, share in self.wanted.items()}
        given = Counter[str]()
        for part, cluster in _cut(clusters, self.sizes, lack, self.wanted):
            self.put(part, cluster)
            given[part] += self.sizes[cluster]
        return given

    def put(self, part: str, cluster: int) -> None:
        """Add a cluster to a part."""
        size, stratum = self.sizes[cluster], self.stratum[cluster]
        insort(self.free[part].setdefault(size, {}).setdefault(stratum, array("i")), cluster)
        self._count(part, cluster, 1)

    def _count(self, part: str, cluster: int, sign: int) -> None:
        size, stratum = self.sizes[cluster], self.stratum[cluster]
        self.rows[part] += sign * size
        if stratum != self.clusters.mixed:
            self.strata[part][stratum] += sign * size
        else:
            for one in self.clusters.strata_of(cluster):
                self.strata[part][one] += sign

    def parts_of_all(self) -> NDArray[np.int16]:
        """The part of each cluster, by its place among the parts."""
        found = np.full(len(self.sizes), -1, np.int16)
        for place, part in enumerate(self.parts):
            for by_stratum in self.free[part].values():
                for having in by_stratum.values():
                    found[having] = place
        return found

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
        having = [self._having(step.source, step.size)]
        having += [self._having(step.target, step.back)] if step.back else []
        return max(1, min(int(min(over, under) // moved), *having))

    def _having(self, part: str, size: int) -> int:
        return sum(map(len, self.free[part][size].values()))

    def _take(self, part: str, size: int, other: str) -> int:
        """Take away a cluster of the stratum that `part` has too much of against `other`, the nearest to it."""
        having = self.free[part][size]
        stratum = max(sorted(having), key=lambda name: self._surplus(part, name) - self._surplus(other, name))
        clusters = having[stratum]
        cluster = clusters.pop(-1 if self.parts.index(part) < self.parts.index(other) else 0)
        if not clusters:
            del having[stratum]
        if not having:
            del self.free[part][size]
        self._count(part, cluster, -1)
        return cluster

    def _surplus(self, part: str, stratum: int) -> float:
        everywhere = sum(self.strata[other][stratum] for other in self.parts)
        return round(self.strata[part][stratum] - everywhere * self.wanted[part] / self.total, 6)
