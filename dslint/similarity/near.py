"""The near-duplicate join: normalise, group what is equal, propose pairs, verify each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dslint.similarity.candidates import Plausible, candidates, plan, unpack
from dslint.similarity.normalise import Ints, Rows, normalise_rows
from dslint.similarity.sketch import GRAM, U64, exact_digests, number_hashes, sketch
from dslint.similarity.verify import Scores, all_scores, scores

# Within both limits every pair is compared, which finds them all in at most a quarter of a second.
ALL_PAIRS_ROWS, ALL_PAIRS_BYTES = 2000, 200_000


class Pair(NamedTuple):
    """Two rows, a < b, and their likeness, 0 to 100."""

    a: int
    b: int
    score: float


class Join(NamedTuple):
    """Near-duplicates among n texts.

    `pairs` are sorted by rows, each at or above the threshold, between texts that differ after normalisation;
    a text that several rows share is represented by the first. `groups` are the rows that share a text, sorted,
    two or more. `capped` counts the pairs of rows of one template that were not compared because the template
    has too many rows: the largest such number in any band.
    """

    pairs: list[Pair]
    groups: list[list[int]]
    capped: int


def join(texts: Sequence[str], *, threshold: float = 90.0, workers: int = 2) -> Join:
    """Find the near-duplicates among texts: pairs whose score is at or above the threshold.

    The score is the larger of the indel ratio and the ratio with words sorted, on normalised bytes; for rows
    above 4 KB it is estimated. Texts below 300 bytes that differ in their numbers are no near-duplicates. Texts
    below 4 bytes are only ever equal; blank ones not even that. Small inputs are compared pair by pair, larger
    ones by MinHash, which finds about 99 of 100 pairs at 90. The result depends on the texts alone, not on
    `workers`; another order of the texts gives the same pairs of texts. Raises ValueError for a threshold
    outside 50 to 100.
    """
    if not 50 <= threshold <= 100:
        raise ValueError(f"threshold must be from 50 to 100, not {threshold:g}")
    rows = normalise_rows(texts, workers)
    digests = exact_digests(rows)
    first, groups = _equal(digests, rows.lengths)
    chosen = first[rows.lengths[first] >= GRAM]
    rows = rows if len(chosen) == len(rows.lengths) else rows.only(chosen)
    if len(chosen) < 2:
        return Join([], groups, 0)
    a, b, values, capped = _near(rows, digests[chosen], threshold, workers)
    columns = chosen[a].tolist(), chosen[b].tolist(), np.round(values, 6).tolist()
    return Join([Pair(*pair) for pair in zip(*columns, strict=True)], groups, capped)


def _near(rows: Rows, digests: U64, threshold: float, workers: int) -> tuple[Ints, Ints, Scores, int]:
    """Near pairs of distinct rows (a, b, score), sorted, and the number of capped pairs."""
    if len(rows.lengths) <= ALL_PAIRS_ROWS and int(rows.lengths.sum()) <= ALL_PAIRS_BYTES:
        every = all_scores(rows.texts(np.arange(len(rows.lengths))), threshold, workers)
        a, b = np.nonzero(every)
        kept = Plausible(rows.lengths, number_hashes(rows), threshold)(a, b)
        return a[kept], b[kept], every[a, b][kept], 0
    shape = plan(threshold, len(rows.lengths))
    found, capped = candidates(rows, sketch(rows, digests, shape, workers), shape, threshold, workers)
    a, b = unpack(found)
    values = scores(rows, a, b, threshold, workers)
    kept = values > 0
    return a[kept], b[kept], values[kept], capped


def _equal(digests: U64, lengths: Ints) -> tuple[Ints, list[list[int]]]:
    """The first row of every distinct text, ascending; the groups of rows that share one that is not blank."""
    order = np.argsort(digests, kind="stable")
    new = np.concatenate([np.ones(min(len(order), 1), bool), digests[order][1:] != digests[order][:-1]])
    first = order[new]
    sizes = np.diff(np.append(np.flatnonzero(new), len(order)))
    shared = np.repeat((sizes > 1) & (lengths[first] > 0), sizes)
    cuts = np.cumsum(sizes[(sizes > 1) & (lengths[first] > 0)])[:-1]
    groups = [group.tolist() for group in np.split(order[shared], cuts)] if shared.any() else []
    return np.sort(first), sorted(groups)
