"""Sentences common to many rows: instructions and templates, which make unlike requests look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from dslint.regex import regex

COMMON_ROWS, COMMON_SHARE = 30, 0.001
LEAST_LEFT = 8  # characters; less is no text to compare
_SLOTS = 1 << 22
_BREAK = regex(r"(?<=[.?!:])\s|\n")


def mask(texts: Sequence[str]) -> list[str]:
    """The texts without the sentences that at least max(30, 0.1 %) of them contain.

    A text of which fewer than 8 characters would remain is left whole; so is one without such a sentence.
    """
    common = _common(texts, max(COMMON_ROWS, COMMON_SHARE * len(texts)))
    return [_masked(text, common) for text in texts] if common else list(texts)


def _masked(text: str, common: set[str]) -> str:
    sentences = list(_sentences(text))
    kept = [sentence for sentence in sentences if sentence not in common]
    rest = " ".join(kept)
    return text if len(kept) == len(sentences) or len(rest) < LEAST_LEFT else rest


def _sentences(text: str) -> Iterator[str]:
    """Lines, cut after a full stop, question mark, exclamation mark or colon before a space."""
    return filter(None, map(str.strip, _BREAK.split(text)))


def _common(texts: Sequence[str], least: float) -> set[str]:
    """Sentences in at least so many texts.

    Counted by a small hash first, so that memory grows with the sentences that may be common, not with all.
    """
    slots = np.zeros(_SLOTS, np.uint32)
    for text in texts:
        slots[list({_slot(sentence) for sentence in _sentences(text)})] += 1
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(s for s in set(_sentences(text)) if slots[_slot(s)] >= least)
    return {sentence for sentence, count in counts.items() if count >= least}


def _slot(sentence: str) -> int:
    return crc32(sentence.encode("utf-8", "surrogatepass")) % _SLOTS
