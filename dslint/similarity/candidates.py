"""Pairs of rows worth comparing: rows that share a band of their signature, with template families bounded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.neighbours import by_signature
from dslint.similarity.rows import Ints, Rows, blocks
from dslint.similarity.scratch import ahead, release
from dslint.similarity.sketch import NUMBER_BYTES, U64, Plan, Sketch, mix
from dslint.similarity.words import rarest_words

Mask = NDArray[np.bool_]

# All pairs of a bucket are looked at up to the first cap, and beyond it while they are few beside the rows of
# the set. Larger buckets are template families: their rows meet only their neighbours in signature order, and those
# with whom they share two of their three rarest words.
BUCKET_CAP, RARE_CAP = 64, 16
PAIRS_PER_ROW, MOST_PAIRS = 2, 1 << 17
FAMILY_SHARE = 0.3  # of the bands in which a row's bucket is over the cap
# More equal signature bytes asked for in large buckets and of neighbours in families: most differ in a slot.
_CROWD_SHARE, _NEIGHBOUR_SHARE = 0.15, 0.3
_BLOCK = 1 << 15  # pairs looked at a time, so that their signatures stay in the processor's cache
PART_ROWS = 1 << 18  # of a band that are sorted at a time
_LOW = np.int64((1 << 32) - 1)
_MARK_BITS = np.uint64((1 << 22) - 1)


class Band(NamedTuple):
    """What one band gives: packed pairs, the rows whose bucket is over the cap, the pairs not looked at there."""

    pairs: Ints
    family: Ints
    capped: int


def plan(threshold: float, rows: int) -> Plan:
    """The banding for a threshold (0 to 100); more and narrower buckets above a million rows.

    Against brute force on the 15,000 requests of clinc150 it finds, of the pairs whose score reaches
    the threshold, .996 at 90, .990 at 85 and .994 at 80.
    """
    bands, share = next((b, s) for floor, b, s in _PLANS if threshold >= floor)
    room = min(PAIRS_PER_ROW * rows, MOST_PAIRS)
    return Plan(bands, 3, share, room) if rows <= 1_000_000 else Plan(bands * 8 // 5, 4, share, room)


_PLANS = ((90.0, 18, 0.4), (85.0, 20, 0.34), (0.0, 40, 0.25))
_UNORDERED_SHARE = 0.03  # more asked for where the order of words is nothing: other texts have more in common


def reordered_plan(threshold: float, rows: int) -> Plan:
    """The same for short rows whatever the order of their words; fewer bands, for most pairs have been found."""
    ordered = plan(threshold, rows)
    share = ordered.share + _UNORDERED_SHARE
    return ordered._replace(bands=ordered.bands * 2 // 3, share=share, room=0, unordered=True)


def unpack(pairs: Ints) -> tuple[Ints, Ints]:
    """The two rows of packed pairs, the lower one first."""
    return pairs >> 32, pairs & _LOW


def candidates(rows: Rows, sketch: Sketch, plan: Plan, threshold: float, workers: int) -> tuple[Ints, int]:
    """Distinct packed pairs in ascending order, and the most pairs any band left out for the cap."""
    test = Plausible(sketch.lengths, sketch.numbers, threshold)
    over, capped = np.zeros(len(sketch.lengths), np.uint8), np.zeros(plan.bands, np.int64)
    found = []
    parts = 1 + len(sketch.lengths) // PART_ROWS if len(sketch.lengths) > 4 * PART_ROWS else 1
    tasks = product(range(plan.bands), range(parts))
    with ThreadPoolExecutor(workers) as pool:
        for place, band in ahead(pool, lambda task: (task[0], _band(sketch, plan, *task, parts, test)), tasks):
            over[band.family] += 1
            capped[place] += band.capped
            found.append(band.pairs)
    family = np.flatnonzero(over >= max(2, int(FAMILY_SHARE * plan.bands)))
    if len(family) and not plan.unordered:  # whatever the order of words, the rarest are the same
        found.append(_rare_pairs(rows, sketch, family, test))
    return distinct(np.concatenate(found)), int(capped.max())


class Plausible:
    """Tests that no pair above the threshold fails: length, and numbers where both rows are short."""

    def __init__(self, lengths: Ints, numbers: U64, threshold: float) -> None:
        self.lengths, self.numbers, self.threshold = lengths, numbers, threshold

    def only(self, rows: Ints) -> Plausible:
        """The same for pairs of places among `rows`: what stands together there is then read together."""
        return Plausible(self.lengths.take(rows), self.numbers.take(rows), self.threshold)

    def __call__(self, a: Ints, b: Ints) -> Mask:
        """Which of the pairs (a[i], b[i]) may be near-duplicates."""
        one, other = self.lengths.take(a), self.lengths.take(b)
        short, long = np.minimum(one, other), np.maximum(one, other)
        least = self.threshold / 100
        close: Mask = short * (2 - least) >= long * least - 1e-9
        close &= (short >= NUMBER_BYTES) | (self.numbers.take(a) == self.numbers.take(b))
        return close


def distinct(pairs: Ints) -> Ints:
    """Packed pairs once each, ascending."""
    pairs.sort()
    new: Mask = np.concatenate([np.ones(min(len(pairs), 1), bool), pairs[1:] != pairs[:-1]])
    return pairs[new]


def pack(a: Ints, b: Ints) -> Ints:
    """One number per pair of rows, the lower row first."""
    packed: Ints = np.minimum(a, b) << 32 | np.maximum(a, b)
    return packed


def _entries(sketch: Sketch, band: int, part: int, parts: int) -> tuple[U64, Ints]:
    """Bucket keys of a band and the row of each, of every so many keys one; rows that share a key stay together.

    Numbers are part of a short row's key. A short row that shares the rest of it with a long one has both.
    """
    plain: U64 = np.asarray(sketch.keys[band])
    rows = _of_part(plain, part, parts)
    numbers, lengths = sketch.numbers, sketch.lengths
    if parts > 1:
        plain, numbers, lengths = plain[rows], numbers[rows], lengths[rows]
    short = lengths < NUMBER_BYTES
    twice = np.flatnonzero(short & (lengths >= NUMBER_BYTES // 2) & (numbers != 0))
    twice = twice[_met(plain[twice], plain[~short])]
    keys = mix(plain ^ np.where(short, numbers, np.uint64(0)))
    both = np.concatenate([keys, mix(plain[twice])])
    release(sketch.keys)
    return both, np.concatenate([rows, rows[twice]])


def _met(values: U64, others: U64) -> Ints:
    """The places of values that stand among the others, too; marks for their last bits leave few to sort."""
    maybe = np.flatnonzero(_marks(others)[values & _MARK_BITS])
    return maybe[np.isin(values[maybe], others[_marks(values[maybe])[others & _MARK_BITS]])]


def _marks(values: U64) -> Mask:
    marks = np.zeros(int(_MARK_BITS) + 1, bool)
    marks[values & _MARK_BITS] = True
    return marks


def _of_part(keys: U64, part: int, parts: int) -> Ints:
    """The rows of every so many keys one."""
    if parts == 1:
        return np.arange(len(keys))
    pieces = range(0, len(keys), PART_ROWS)
    found = [np.flatnonzero(keys[lo : lo + PART_ROWS] % np.uint64(parts) == np.uint64(part)) + lo for lo in pieces]
    return np.concatenate(found)


def _buckets(keys: U64, rows: Ints) -> tuple[Ints, Ints]:
    """Rows in bucket order and the end of each row's bucket there, buckets of one left out."""
    bits = np.uint64(max(1, len(keys).bit_length()))
    low = (np.uint64(1) << bits) - np.uint64(1)
    packed = keys & ~low
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    high = packed >> bits
    bounds = np.concatenate([[0], np.flatnonzero(high[1:] != high[:-1]) + 1, [len(keys)]])
    sizes = np.diff(bounds)
    shared = np.repeat(sizes > 1, sizes)
    sizes = sizes[sizes > 1]
    places = packed.take(np.flatnonzero(shared)) & low
    return rows.take(places.astype(np.int64)), np.repeat(np.cumsum(sizes), sizes)


def _band(sketch: Sketch, plan: Plan, band: int, part: int, parts: int, test: Plausible) -> Band:
    rows, ends = _buckets(*_entries(sketch, band, part, parts))
    places = np.arange(len(rows))
    begins = np.searchsorted(ends, ends)
    sizes = ends - begins
    over = sizes > _cap(sizes, plan.room // parts)
    family = rows[over]
    if len(family):
        rows = rows.copy()
        rows[over] = family[by_signature(sketch, (band + 1) * plan.width, family, ends[over])]
    partners = np.where(over, np.minimum(ends - 1 - places, 1), ends - 1 - places)
    capped = int((ends - 1 - places)[over].sum() - partners[over].sum())
    share = plan.share + np.where(over, _NEIGHBOUR_SHARE, np.where(sizes > BUCKET_CAP, _CROWD_SHARE, 0.0))
    beside = test.only(rows)
    found = [np.zeros(0, np.int64)]
    for first, second in _expand(partners):
        kept = np.flatnonzero(beside(first, second))
        first, second = first.take(kept), second.take(kept)
        a, b, least = rows.take(first), rows.take(second), share.take(first)
        equal = _equal_bytes(sketch.signature, a, b) >= least * sketch.signature.shape[1]
        alike = np.flatnonzero(equal & (a != b))
        found.append(pack(a.take(alike), b.take(alike)))
    for read in (sketch.keys, sketch.signature):
        release(read)
    return Band(distinct(np.concatenate(found)), family, capped)


def _equal_bytes(signature: NDArray[np.uint8], a: Ints, b: Ints) -> NDArray[np.uint8]:
    """In how many columns, at most 255, rows a[i] and b[i] are equal; take and einsum are the fast ways."""
    equal = np.asarray(signature).take(a, axis=0) == np.asarray(signature).take(b, axis=0)
    counts: NDArray[np.uint8] = np.einsum("ij->i", equal.view(np.uint8))
    return counts


def _cap(sizes: Ints, budget: int) -> int:
    """The size up to which all pairs of all buckets can be looked at; `sizes` has one entry per row."""
    large = np.sort(sizes[sizes > BUCKET_CAP])
    fitting = large[np.cumsum((large - 1) / 2) <= budget]
    # Buckets of one size are treated alike, so that the order of rows does not choose between them.
    if len(fitting) < len(large):
        fitting = fitting[fitting < large[len(fitting)]]
    return int(fitting[-1]) if len(fitting) else BUCKET_CAP


def _expand(partners: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Places (i, i + 1) ... (i, i + partners[i]) of every i, in blocks of bounded size."""
    for lo, hi in blocks(partners, _BLOCK):
        count = partners[lo:hi]
        first = np.repeat(np.arange(lo, hi), count)
        nth = np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
        yield first, first + 1 + nth


def _rare_pairs(rows: Rows, sketch: Sketch, family: Ints, test: Plausible) -> Ints:
    """Packed pairs of family rows that share two of their three rarest words, in buckets up to the cap."""
    words, known = rarest_words(rows, family)
    keys, owners = [], []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both = known[one] & known[other]
        keys.append(mix(words[one] + mix(words[other]))[both])
        owners.append(family[both])
    members, ends = _buckets(np.concatenate(keys), np.concatenate(owners))
    sizes = ends - np.searchsorted(ends, ends)
    partners = np.where(sizes <= RARE_CAP, ends - 1 - np.arange(len(ends)), 0)
    found = [np.zeros(0, np.int64)]
    for first, second in _expand(partners):
        a, b = members[first], members[second]
        kept = test(a, b) & (a != b)
        found.append(pack(a[kept], b[kept]))
    return distinct(np.concatenate(found))
