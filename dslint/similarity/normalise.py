"""Texts with case, punctuation and spacing taken out: what near-duplicates are compared on.

ASCII is done on bytes, a chunk of rows at a time; other letters pass NFKC and Unicode punctuation first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# 0xFF occurs in no UTF-8 text, so it can stand between rows.
SEPARATOR = b"\xff"
CHUNK_CHARS = 1 << 20

_BLANKED = b'!?;"()[]{}|~`_\\' + bytes(range(33)) + b"\x7f"
_TABLE = bytes(32 if byte in _BLANKED else byte for byte in range(256)).lower()

# Kept only where they join digits (1,000 3.5 10:30), or, for the hyphen, where they do not join two letters.
_POINTS = np.isin(np.arange(256), np.frombuffer(b".,:", np.uint8))
_LOOSE = re.compile(rb"(?<![0-9])[.,:]|[.,:](?![0-9])|(?<=[A-Za-z\x80-\xfe])-(?=[A-Za-z\x80-\xfe])")
_DIGITS = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_LETTERS = np.zeros(256, bool)
_LETTERS[65:91] = _LETTERS[97:123] = _LETTERS[128:255] = True

_VANISHING = re.compile("[\u00ad\u00b4\u02bc\u2018\u2019\u2032\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_PUNCTUATION = re.compile(
    "[\u0080-\u00a1\u00ab\u00b6\u00b7\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965\u1680\u2000-\u206f"
    "\u3000-\u3003\u3008-\u3011\u3014-\u301f\u30fb]"
)
# The zeros of the scripts with digits of their own: Arabic, Persian, Devanagari to Malayalam, Thai to Mongolian.
_ZEROS = "٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐"
_FOREIGN_DIGIT = re.compile("[" + "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS) + "]")


class Rows(NamedTuple):
    """Normalised rows in one buffer: row i is buffer[starts[i] : starts[i] + lengths[i]], 0xFF on both sides."""

    buffer: bytes
    starts: Ints
    lengths: Ints

    def texts(self, rows: Ints) -> list[bytes]:
        """The normalised bytes of several rows."""
        starts, ends = self.starts[rows], self.starts[rows] + self.lengths[rows]
        return [self.buffer[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]

    def part(self, lo: int, hi: int) -> Rows:
        """Rows lo to hi alone, at least one."""
        begin, end = int(self.starts[lo]) - 1, int(self.starts[hi - 1] + self.lengths[hi - 1]) + 1
        return Rows(self.buffer[begin:end], self.starts[lo:hi] - begin, self.lengths[lo:hi])

    def only(self, rows: Ints) -> Rows:
        """These rows (ascending) alone, in a buffer of their own."""
        wanted = np.zeros(len(self.lengths), bool)
        wanted[rows] = True
        kept = np.frombuffer(self.buffer, np.uint8)[1:][np.repeat(wanted, self.lengths + 1)]
        starts = np.cumsum(self.lengths[rows] + 1) - self.lengths[rows]
        return Rows(SEPARATOR + kept.tobytes(), starts, self.lengths[rows])


def normalise(text: str) -> str:
    """The text in lower case, without punctuation, single-spaced; numbers such as 1,000 and 3.5 stay whole."""
    raw = _LOOSE.sub(b" ", _encode(text).replace(b"'", b""))
    return b" ".join(raw.translate(_TABLE).split()).decode("utf-8", "replace")


def normalise_rows(texts: Sequence[str], workers: int) -> Rows:
    """The same for many texts, in `workers` threads; the result does not depend on their number."""
    with ThreadPoolExecutor(workers) as pool:
        chunks = list(pool.map(_normalise_chunk, _chunks(texts)))
    buffer = b"".join([SEPARATOR, *chunks])
    del chunks
    marks = np.flatnonzero(np.frombuffer(buffer, np.uint8) == SEPARATOR[0])
    return Rows(buffer, marks[:-1] + 1, np.diff(marks) - 1)


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size >= CHUNK_CHARS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _encode(text: str) -> bytes:
    if text.isascii():
        return text.encode()
    text = _VANISHING.sub("", text)
    text = unicodedata.normalize("NFKC", text).lower()
    text = _PUNCTUATION.sub(" ", _DASHES.sub("-", _VANISHING.sub("", text)))
    text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return text.encode("utf-8", "replace")


def _normalise_chunk(texts: list[str]) -> bytes:
    """The normalised texts, a separator after each."""
    raw = SEPARATOR.join([b"", *map(_encode, texts), b""]).replace(b"'", b"")
    text = np.frombuffer(_without_loose_points(raw).translate(_TABLE), np.uint8)
    space, mark = text == 32, text == SEPARATOR[0]
    # One space is left of each run, then none beside a separator.
    text = np.delete(text, np.flatnonzero(space[1:] & (space[:-1] | mark[:-1])) + 1)
    text = np.delete(text, np.flatnonzero((text[:-1] == 32) & (text[1:] == SEPARATOR[0])))
    return text[1:].tobytes()


def _without_loose_points(raw: bytes) -> bytes:
    """Blank what `_LOOSE` matches; a separator stands at both ends, so neighbours always exist."""
    found: Bytes = np.frombuffer(raw, np.uint8)
    points = np.flatnonzero(_POINTS[found])
    apart = ~(_DIGITS[found[points - 1]] & _DIGITS[found[points + 1]])
    hyphens = np.flatnonzero(found == ord("-"))
    joining = _LETTERS[found[hyphens - 1]] & _LETTERS[found[hyphens + 1]]
    blanked = found.copy()
    blanked[points[apart]] = 32
    blanked[hyphens[joining]] = 32
    return blanked.tobytes()
