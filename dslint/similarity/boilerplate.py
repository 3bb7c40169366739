"""Sentences that very many of the texts share: taken out before texts are compared, since they tell none apart."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import product
from typing import NamedTuple, overload
from zlib import crc32

from dslint.regex import regex
from dslint.similarity.choosing import checks
from dslint.similarity.near import Join, Pair
from dslint.spilling import Spill

SAMPLE = 2_000  # distinct texts, chosen by what they say, that show what is common
COMMON_SHARE, COMMON_TEXTS = 0.05, 20  # of them, at least
SHORTEST = 16  # bytes; shorter sentences weigh little in a text, and are often a greeting
FEW = 8  # common sentences, that are sooner looked for than a text is cut up
MOST_KINDS = 32  # of equal bare texts, that are all paired with each other
_ENDS = regex(r"[.?!:]\s+|[。？！：]|\n+")


class Kept(Sequence[str]):
    """Texts kept as bytes, on disk where they are many."""

    def __init__(self) -> None:
        self._bytes, self._ends = Spill(), array("Q", [0])

    def append(self, text: str) -> None:
        """Add one at the end."""
        self._bytes.append(text.encode("utf-8", "surrogatepass"))
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        return self._bytes.data[self._ends[row] : self._ends[row + 1]].decode("utf-8", "surrogatepass")


class Bare(NamedTuple):
    """Texts without their common sentences, and for each which those were, 0 where there were none."""

    texts: Kept
    left_out: array[int]


def bare(texts: Sequence[str]) -> Bare | None:
    """The texts without the sentences that are common among them; None where there are none.

    A sentence also ends with its line, or at a colon. A text of nothing but common sentences stays whole. A text
    that is said again and again makes no sentence common: only distinct texts are counted.
    """
    common = _common(texts)
    if not common:
        return None
    kept, left_out = Kept(), array("I")
    for text in texts:
        left, gone = _without(text, common)
        kept.append(left)
        left_out.append(gone)
    return Bare(kept, left_out)


def _common(texts: Sequence[str]) -> frozenset[str]:
    if len(texts) < COMMON_TEXTS:
        return frozenset()
    sample = _sample(texts)
    counts = Counter(plain for text in sample for plain in {_plain(sentence) for sentence in _sentences(text)})
    least = max(COMMON_TEXTS, COMMON_SHARE * len(sample))
    often = (plain for plain, count in counts.items() if count >= least)
    return frozenset(plain for plain in often if len(plain.encode("utf-8", "replace")) >= SHORTEST)


def _sample(texts: Sequence[str]) -> list[str]:
    """The distinct texts with the smallest hashes."""
    rows: dict[int, int] = {}
    most = 1 << 32
    for row, key in enumerate(checks(texts)):
        if key < most:
            rows[key] = row
            if len(rows) > 2 * SAMPLE:
                rows = {known: rows[known] for known in nsmallest(SAMPLE, rows)}
                most = max(rows)
    return [texts[rows[key]] for key in nsmallest(SAMPLE, rows)]


def _sentences(text: str) -> list[str]:
    ends = [found.end() for found in _ENDS.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def _plain(sentence: str) -> str:
    return sentence.strip().lower()


def _any_in(common: frozenset[str], text: str) -> bool:
    lowered = text.lower()
    return any(plain in lowered for plain in common)


def _without(text: str, common: frozenset[str]) -> tuple[str, int]:
    if len(common) <= FEW and not _any_in(common, text):
        return text, 0
    sentences = [(sentence, _plain(sentence)) for sentence in _sentences(text)]
    gone = [plain for _, plain in sentences if plain in common]
    if not gone or all(plain in common or not plain for _, plain in sentences):
        return text, 0
    kept = " ".join(sentence for sentence, plain in sentences if plain not in common)
    return kept, crc32("\n".join(gone).encode("utf-8", "replace")) or 1


Kinds = dict[int, int]  # of rows that are equal without their common sentences: which those were, to the first row


def restored(found: Join, among: Bare, texts: Sequence[str], threshold: float, workers: int = 2) -> Join:
    """The join of whole texts: those pairs of bare ones that are alike as a whole, too.

    Texts that are equal but for their common sentences are a pair, and no group.
    """
    groups: list[list[int]] = []
    kinds: dict[int, Kinds] = {}
    edges: list[Pair] = []
    for group in found.groups:
        by_kind: dict[int, list[int]] = {}
        for row in group:
            by_kind.setdefault(among.left_out[row], []).append(row)
        groups += [rows for rows in by_kind.values() if len(rows) > 1]
        kinds[group[0]] = {kind: rows[0] for kind, rows in by_kind.items()}
        firsts = [rows[0] for rows in by_kind.values()]
        edges += [Pair(a, b, 100.0) for at, a in enumerate(firsts[:MOST_KINDS]) for b in firsts[at + 1 :]]
    for pair in found.pairs:
        one, other = (kinds.get(row) or {among.left_out[row]: row} for row in pair[:2])
        edges += [Pair(min(edge), max(edge), pair.score) for edge in _across(one, other)]
    sure = [edge for edge in edges if not _masked(edge, among)]
    doubtful = [edge for edge in edges if _masked(edge, among)]
    return Join(sorted(sure + _alike(doubtful, texts, threshold, workers)), sorted(groups), found.capped)


def _across(one: Kinds, other: Kinds) -> Iterable[tuple[int, int]]:
    """Rows of either side; of many kinds only those that are of the same."""
    if len(one) * len(other) <= MOST_KINDS:
        return product(one.values(), other.values())
    return ((row, other[kind]) for kind, row in one.items() if kind in other)


def _masked(edge: Pair, among: Bare) -> bool:
    return bool(among.left_out[edge.a] or among.left_out[edge.b])


def _alike(edges: list[Pair], texts: Sequence[str], threshold: float, workers: int) -> list[Pair]:
    """The pairs that are alike as a whole, with the lower of both scores."""
    import numpy as np

    from dslint.similarity.rows import normalise_rows
    from dslint.similarity.verify import scores

    if not edges:
        return []
    met, place = np.unique([edge[:2] for edge in edges], return_inverse=True)
    rows = normalise_rows(texts[row] for row in met.tolist())
    a, b = place.reshape(-1, 2).T
    whole = np.round(scores(rows, a, b, threshold, workers), 6).tolist()
    return [edge._replace(score=min(edge.score, score)) for edge, score in zip(edges, whole, strict=True) if score]
