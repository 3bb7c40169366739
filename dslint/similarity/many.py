"""The join of many texts: MinHash sketches propose pairs, rapidfuzz verifies each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dslint.similarity.candidates import candidates, distinct, pack, plan, reordered_plan, unpack
from dslint.similarity.rows import Ints, Rows, normalise_rows, pack_rows
from dslint.similarity.sketch import GRAM, U64, Plan, exact_digests, sketch
from dslint.similarity.verify import Scores, scores, sorted_words

# Shorter rows (bytes) are sketched a second time with their words sorted: in them another order of the words
# leaves too few grams as they were.
REORDERED_BYTES = 100

Found = tuple[list[tuple[int, int, float]], list[list[int]], int]


def join_many(texts: Sequence[str], threshold: float, workers: int) -> Found:
    """(pairs, groups, capped) as in a `Join`."""
    rows = normalise_rows(texts, workers)
    digests = exact_digests(rows)
    first, groups = _equal(digests, rows.lengths)
    chosen = first[rows.lengths[first] >= GRAM]
    rows = rows if len(chosen) == len(rows.lengths) else rows.only(chosen)
    if len(chosen) < 2:
        return [], groups, 0
    a, b, values, capped = _near(rows, digests[chosen], threshold, workers)
    columns = chosen[a].tolist(), chosen[b].tolist(), np.round(values, 6).tolist()
    return list(zip(*columns, strict=True)), groups, capped


def _near(rows: Rows, digests: U64, threshold: float, workers: int) -> tuple[Ints, Ints, Scores, int]:
    """Near pairs of distinct rows (a, b, score), sorted, and the number of capped pairs."""
    found, capped = _proposed(rows, digests, plan(threshold, len(rows.lengths)), threshold, workers)
    short = np.flatnonzero(rows.lengths < REORDERED_BYTES)
    if len(short) > 1:
        by_word = pack_rows([sorted_words(text) for text in rows.texts(short)])
        shape = reordered_plan(threshold, len(short))
        more, also_capped = _proposed(by_word, digests[short], shape, threshold, workers)
        a, b = unpack(more)
        found, capped = distinct(np.concatenate([found, pack(short[a], short[b])])), max(capped, also_capped)
    a, b = unpack(found)
    values = scores(rows, a, b, threshold, workers)
    kept = values > 0
    return a[kept], b[kept], values[kept], capped


def _proposed(rows: Rows, digests: U64, shape: Plan, threshold: float, workers: int) -> tuple[Ints, int]:
    return candidates(rows, sketch(rows, digests, shape, workers), shape, threshold, workers)


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
