"""Texts in Unicode's form NFKC."""

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
