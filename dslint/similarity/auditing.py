"""How much of what there is a join has found, measured on the very texts it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dslint.similarity.brute import near_rows
from dslint.similarity.many import distinct_rows
from dslint.similarity.near import Join
from dslint.similarity.rows import normalise_rows
from dslint.similarity.sketch import exact_digests, mix
from dslint.similarity.verify import LONG_BYTES


class Audit(NamedTuple):
    """Of `rows` texts compared with all others: the near pairs they are in, and how many of these the join has."""

    rows: int
    expected: int
    found: int

    @property
    def recall(self) -> float:
        """The share of near pairs that the join has found, 1 where there are none."""
        return self.found / self.expected if self.expected else 1.0


def audit(
    texts: Sequence[str], found: Join, threshold: float, *, rows: int = 300, seed: int = 0, workers: int = 2
) -> Audit:
    """Compare some texts with all others and count which of the near pairs are in `found`, a join of these texts.

    The texts are chosen by a hash of what they say and the seed, so that the same texts in another order give the
    same figures. Texts of which the score is an estimate, those above 4 KB, are not chosen and not expected.
    """
    return audit_at(texts, found, [threshold], rows=rows, seed=seed, workers=workers)[0]


def audit_at(
    texts: Sequence[str],
    found: Join,
    thresholds: Sequence[float],
    *,
    rows: int = 300,
    seed: int = 0,
    workers: int = 2,
) -> list[Audit]:
    """The same at several thresholds, none below that of the join, for the cost of the lowest."""
    everything = normalise_rows(texts)
    digests = exact_digests(everything)
    first, _ = distinct_rows(digests, everything.lengths)
    first = first[everything.lengths[first] <= LONG_BYTES]
    if len(first) < 2:
        return [Audit(len(first), 0, 0)] * len(thresholds)
    by_hash = np.argsort(mix(digests[first] ^ mix(np.array([seed], np.uint64))), kind="stable")
    a, b, values = near_rows(everything.only(first), np.sort(by_hash[:rows]), min(thresholds), workers)
    pairs, had = list(zip(first[a].tolist(), first[b].tolist(), strict=True)), {(p.a, p.b) for p in found.pairs}
    known = np.array([pair in had for pair in pairs], bool)
    return [
        Audit(min(rows, len(first)), int(reached.sum()), int((reached & known).sum()))
        for reached in (values >= threshold for threshold in thresholds)
    ]
