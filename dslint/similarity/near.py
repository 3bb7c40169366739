"""The near-duplicate join: normalise, group what is equal, propose pairs, verify each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

from dslint.similarity.few import join_few

# Within both limits every pair is compared, which finds them all and needs no arrays.
ALL_PAIRS_ROWS, ALL_PAIRS_BYTES = 1000, 100_000


class Pair(NamedTuple):
    """Two rows, a < b, and their likeness, 0 to 100."""

    a: int
    b: int
    score: float


class Join(NamedTuple):
    """Near-duplicates among n texts.

    `pairs` are sorted by rows, each at or above the threshold, between texts that differ after normalisation;
    a text that several rows share is represented by the first. `groups` are the rows that share a text, sorted,
    two or more. `capped` is at least how many pairs of rows of large templates were not compared: the largest
    number that any one step left out.
    """

    pairs: list[Pair]
    groups: list[list[int]]
    capped: int


def join(
    texts: Sequence[str],
    *,
    threshold: float = 90.0,
    workers: int = 2,
    exact: bool = False,
    kept: Path | None = None,
) -> Join:
    """Find the near-duplicates among texts: pairs whose score is at or above the threshold.

    The score is the larger of the indel ratio and the ratio with words sorted, on normalised bytes; for rows
    above 4 KB it is estimated. Texts below 300 bytes that differ in their numbers are no near-duplicates. Texts
    below 4 bytes are only ever equal; blank ones not even that. Small inputs are compared pair by pair, larger
    ones by MinHash, which finds about 99 of 100 pairs at 90; `exact` compares every pair of any input, in time
    that grows with its square, and estimates nothing. The result depends on the texts alone, not on `workers`;
    another order of the texts gives the same pairs of texts. In the folder `kept` sketches of very many texts are
    left for the next join of nearly the same texts. Raises ValueError for a threshold outside 50 to 100.
    """
    if not 50 <= threshold <= 100:
        raise ValueError(f"threshold must be from 50 to 100, not {threshold:g}")
    pairs: Iterable[tuple[int, int, float]]
    if len(texts) <= ALL_PAIRS_ROWS and sum(map(len, texts)) <= ALL_PAIRS_BYTES:
        pairs, groups, capped = join_few(texts, threshold)
    else:
        from dslint.similarity.many import join_many

        pairs, groups, capped = join_many(texts, threshold, workers, exact=exact, kept=kept)
    return Join(list(starmap(Pair, pairs)), groups, capped)
