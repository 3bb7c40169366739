"""Texts with case, punctuation and spacing taken out: what near-duplicates are compared on.

Letters beyond ASCII pass NFKC and Unicode punctuation first; `rows` does the rest for many texts at a time.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from dslint.nfkc import nfkc
from dslint.regex import regex

_BLANKED = b'!?;"()[]{}|~`_\\' + bytes(range(33)) + b"\x7f"
TABLE = bytes(32 if byte in _BLANKED else byte for byte in range(256)).lower()

# Points are kept only where they join digits (1,000 3.5 10:30), hyphens where they do not join two letters.
# The mark comes first, then what stands before it: so the search leaps from mark to mark.
_LOOSE_POINT = regex(rb"[.,:](?s:(?<![0-9].)|(?![0-9]))")
_LOOSE_HYPHEN = regex(rb"-(?<=[A-Za-z\x80-\xfe]-)(?=[A-Za-z\x80-\xfe])")
# Few texts have points to keep or hyphens to blank, which a look at digits and letters as such tells.
_LETTERS = bytes([*range(65, 91), *range(97, 123), *range(128, 255)])
_KINDS = bytes.maketrans(b"123456789,:" + _LETTERS, b"000000000.." + b"a" * len(_LETTERS))
_WITHOUT_POINTS = bytes(32 if byte in b".,:" else byte for byte in TABLE)

_VANISHES = "\u00ad\u00b4\u02bc\u2018\u2019\u2032\u200b-\u200f\u2060\ufeff"
_VANISHING = regex(f"[{_VANISHES}]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_PUNCTUATION = (
    "\u0080-\u00a1\u00ab\u00b6\u00b7\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965\u1680\u2000-\u206f"
    "\u3000-\u3003\u3008-\u3011\u3014-\u301f\u30fb"
)
# The zeros of the scripts with digits of their own: Arabic, Persian, Devanagari to Malayalam, Thai to Mongolian.
_ZEROS = "٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐"
_FOREIGN_DIGITS = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
# One class, for one pass: alternatives would be tried at every character.
_UNUSUAL = regex(f"[{_VANISHES}{_DASHES}{_FOREIGN_DIGITS}{_PUNCTUATION}]")


def normalise(text: str) -> str:
    """The text in lower case, without punctuation, single-spaced; numbers such as 1,000 and 3.5 stay whole."""
    return normalise_bytes(text).decode("utf-8", "replace")


def normalise_bytes(text: str) -> bytes:
    """The same in UTF-8."""
    return b" ".join(blanked(text).split())


def blanked(text: str) -> bytes:
    """The same before spaces are made single."""
    plain = encode(text).replace(b"'", b"")
    kinds = plain.translate(_KINDS)
    if b"a-a" in kinds:
        plain = _LOOSE_HYPHEN.sub(b" ", plain)
    if b"0.0" in kinds:
        return _LOOSE_POINT.sub(b" ", plain).translate(TABLE)
    return plain.translate(_WITHOUT_POINTS)


def encode(text: str) -> bytes:
    """The text in UTF-8, its letters, digits and punctuation in their plainest form."""
    if text.isascii():
        return text.encode()
    unusual = _UNUSUAL.search(text)
    if unusual:
        text = _VANISHING.sub("", text)
    plain = nfkc(text)
    if unusual or plain is not text:  # whose form NFKC may be unusual
        return _UNUSUAL.sub(lambda found: _plain(found[0]), plain.lower()).encode("utf-8", "replace")
    return plain.lower().encode("utf-8", "replace")


@cache
def _plain(unusual: str) -> str:
    if _VANISHING.match(unusual):
        return ""
    return "-" if unusual in _DASHES else str(unicodedata.decimal(unusual, " "))
