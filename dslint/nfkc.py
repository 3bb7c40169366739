"""Texts in the forms in which they are compared: Unicode's NFKC, and folded."""

from __future__ import annotations

import unicodedata

# Most of what is not in that form is the punctuation of Chinese and Japanese, which is sooner replaced by itself.
_WIDE = [(mark, unicodedata.normalize("NFKC", mark)) for mark in "，？：！（）"]


def nfkc(text: str) -> str:
    """The text in form NFKC."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """The text without differences of case, Unicode form and white space; punctuation and digits stay."""
    folded = text.lower() if text.isascii() else nfkc(text).casefold()
    # That spaces are single is told sooner than it is brought about; no other white space is printable.
    single = folded.isprintable() and "  " not in folded and folded[:1] != " " != folded[-1:]
    return folded if single else " ".join(folded.split())
