"""The join of many texts: MinHash sketches propose pairs, rapidfuzz verifies each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum
from pathlib import Path

import numpy as np

from dslint.similarity.brute import near_rows
from dslint.similarity.candidates import Mask, candidates, distinct, pack, plan, reordered_plan, unpack
from dslint.similarity.rows import Ints, Rows, normalise_rows
from dslint.similarity.sketch import GRAM, U64, Plan, exact_digests, mix, repeated, sketch
from dslint.similarity.verify import Scores, scores

# Shorter rows (bytes) are sketched a second time whatever the order of their words: in them another order leaves
# too few grams as they were.
REORDERED_BYTES = 100

# More candidates than this, a row, are a template of which every row is near every other: to name them all helps
# nobody. Each row then keeps about the largest quota of partners for which there is room.
CANDIDATES_PER_ROW, ALWAYS = 10, 200_000
QUOTAS = [round(2 ** (power / 4)) for power in range(40, -1, -1)]  # steps of a fifth, so that the room is used
_PART = 1 << 18  # pairs drawn at a time, so that they stay in the processor's cache

Found = tuple[Iterable[tuple[int, int, float]], list[list[int]], int]


def join_many(
    texts: Sequence[str], threshold: float, workers: int, *, exact: bool = False, kept: Path | None = None
) -> Found:
    """(pairs, groups, capped) as in a `Join`."""
    rows = normalise_rows(texts)
    digests = exact_digests(rows)
    chosen, groups = distinct_rows(digests, rows.lengths)
    rows = rows.only(chosen)
    if len(chosen) < 2:
        return [], groups, 0
    if exact:
        (a, b, values), capped = near_rows(rows, np.arange(len(chosen)), threshold, workers), 0
    else:
        a, b, values, capped = _near(rows, digests[chosen], threshold, workers, kept)
    columns = chosen[a].tolist(), chosen[b].tolist(), np.round(values, 6).tolist()
    return zip(*columns, strict=True), groups, capped


def _near(
    rows: Rows, digests: U64, threshold: float, workers: int, kept: Path | None
) -> tuple[Ints, Ints, Scores, int]:
    """Near pairs of distinct rows (a, b, score), sorted, and the number of capped pairs."""
    as_it_is, as_words = (kept and kept / name for name in ("rows.sketch", "words.sketch"))
    found, capped = _proposed(rows, digests, plan(threshold, len(rows.lengths)), threshold, workers, as_it_is)
    short = np.flatnonzero(rows.lengths < REORDERED_BYTES)
    if len(short) > 1:
        shape = reordered_plan(threshold, len(short))
        more, also_capped = _proposed(rows.only(short), digests[short], shape, threshold, workers, as_words)
        a, b = unpack(more)
        found, capped = distinct(np.concatenate([found, pack(short[a], short[b])])), max(capped, also_capped)
    a, b, crowded = _thinned(*unpack(found), digests)
    values = scores(rows, a, b, threshold, workers)
    near = values > 0
    return a[near], b[near], values[near], max(capped, crowded)


def _thinned(a: Ints, b: Ints, digests: U64) -> tuple[Ints, Ints, int]:
    """The pairs, and how many were left out where they are very many: those between rows of many pairs.

    A pair is chosen by the texts of both rows, so that their order changes nothing.
    """
    room = max(CANDIDATES_PER_ROW * len(digests), ALWAYS)
    if len(a) <= room:
        return a, b, 0
    degree = np.bincount(a, minlength=len(digests)) + np.bincount(b, minlength=len(digests))
    parts = [slice(lo, lo + _PART) for lo in range(0, len(a), _PART)]
    crowds = np.zeros(int(degree.max()) + 1, np.int64)
    for at in parts:
        crowds += np.bincount(np.minimum(degree[a[at]], degree[b[at]]), minlength=len(crowds))
    sizes = np.flatnonzero(crowds)
    # Summed exactly: on every machine the same quota is chosen.
    shares = (fsum(crowds[sizes] * np.minimum(quota / sizes, 1.0)) for quota in QUOTAS)
    quota = next(quota for quota, share in zip(QUOTAS, shares, strict=True) if quota == 1 or share <= room)
    kept = np.flatnonzero(np.concatenate([_drawn(a[at], b[at], degree, digests, quota) for at in parts]))
    return a.take(kept), b.take(kept), len(a) - len(kept)


def _drawn(a: Ints, b: Ints, degree: Ints, digests: U64, quota: int) -> Mask:
    """Which pairs are kept if each row is to have about `quota` of them."""
    crowd = np.minimum(degree[a], degree[b])
    chance = (np.minimum(quota / crowd, 0.5) * 2.0**64).astype(np.uint64)
    drawn: Mask = (crowd < 2 * quota) | (mix(digests[a] + digests[b]) < chance)
    return drawn


def _proposed(
    rows: Rows, digests: U64, shape: Plan, threshold: float, workers: int, kept: Path | None
) -> tuple[Ints, int]:
    return candidates(rows, sketch(rows, digests, shape, workers, kept), shape, threshold, workers)


def distinct_rows(digests: U64, lengths: Ints) -> tuple[Ints, list[list[int]]]:
    """The first row of every distinct text of at least 4 bytes, ascending; the groups of rows that share a text.

    Blank texts share nothing.
    """
    again = repeated(digests)
    order = again[np.argsort(digests[again], kind="stable")]
    new = np.diff(digests[order].view(np.int64), prepend=0) != 0
    new[:1] = True
    groups = [
        group.tolist() for group in np.split(order, np.flatnonzero(new)[1:]) if len(group) and lengths[group[0]]
    ]
    kept = lengths >= GRAM
    kept[order[~new]] = False
    return np.flatnonzero(kept), sorted(groups)
