"""Many texts in their plainest form at once: most characters become another one whatever stands around them."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dslint.similarity.normal_form import encode

# Of fewer characters in texts beyond ASCII a table is not worth it, and more would take much memory at once.
WORTH, MOST = 1 << 18, 1 << 22

# Neither is a character of Unicode. The second stands for what asks for its neighbours, or becomes several.
_BETWEEN, _ODD = 0xFFFF, 0xFFFE
_BEYOND = 1 << 16
# Nothing becomes of ASCII (here), ideographs, syllables and what is for private use: most of the table.
_KEPT = [(0, 0x80), (0x3400, 0xA490), (0xAC00, 0xD7A4), (0xE000, 0xF900), (_BETWEEN, _BEYOND)]
_CHANGED = [*range(0x80, 0x3400), *range(0xA490, 0xAC00), *range(0xF900, _ODD)]
_POINTS = [ord(mark) for mark in "‥…︙︰"]  # two or three: they stand between no digits
_SIGMAS = [ord(letter) for letter in "ΣϹ"]  # in lower case by what they stand beside


def encode_all(texts: list[str]) -> list[bytes]:
    """What `encode` makes of each text, but an apostrophe for a character that vanishes."""
    beyond = [text for text in texts if not text.isascii()]
    by_table = WORTH <= sum(map(len, beyond)) <= MOST
    encoded = iter(_by_table(beyond) if by_table else map(encode, beyond))
    return [text.encode() if text.isascii() else next(encoded) for text in texts]


def _by_table(texts: list[str]) -> list[bytes]:
    between = chr(_BETWEEN)
    codes = np.frombuffer(between.join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    plain = _table().take(codes, mode="clip")
    encoded = plain.tobytes().decode("utf-16-le").encode().split(between.encode())
    if len(encoded) != len(texts):  # a text holds what should stand between texts
        return list(map(encode, texts))
    odd = np.searchsorted(np.flatnonzero(plain == _BETWEEN), np.flatnonzero(plain == _ODD))
    for row in np.unique(odd).tolist():
        encoded[row] = encode(texts[row])
    return encoded


@cache
def _table() -> NDArray[np.uint16]:
    """What each character becomes by itself; the last entry is for those that have none."""
    table = np.full(_BEYOND + 1, _ODD, "<u2")
    for lo, hi in _KEPT:
        table[lo:hi] = np.arange(lo, hi)
    plain = encode("\n".join(["", *map(chr, _CHANGED), ""])).decode()
    codes = np.frombuffer(plain.encode("utf-32-le"), "<u4")
    marks = np.frombuffer("".join(map(unicodedata.category, plain)).encode(), "S2").astype("S1") == b"M"
    # The vowels and the last consonants of Hangul become part of what stands before them, as marks do.
    alone = (codes < _ODD) & ~marks & ~((codes >= 0x1160) & (codes < 0x1200))
    ends = np.flatnonzero(codes == ord("\n"))
    sizes, first = np.diff(ends) - 1, ends[:-1] + 1
    table[_CHANGED] = np.where((sizes == 1) & alone[first], codes[first], np.where(sizes == 0, ord("'"), _ODD))
    table[_POINTS], table[_SIGMAS] = ord(" "), _ODD
    return table
