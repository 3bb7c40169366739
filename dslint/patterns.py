"""Regular expressions over hostile text: linear time only, one meaning in every engine.

RE2 decides; polars' Rust engine may be asked first, in bulk. The two differ in `\\d`, `\\w`, `\\s` and `\\b`, so
these are spelled out as ASCII before either sees the pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\n\f\r"}


class PatternError(Exception):
    """A pattern that no linear-time engine takes; the message is one line."""


def ascii_classes(pattern: str) -> str:
    """The pattern with its perl classes spelled out, in and outside of brackets."""
    out, inside, index = [], False, 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern):
            out.append(_escape(pattern[index + 1], inside))
            index += 2
            continue
        if char == "[" and not inside:
            inside = True
            lead = pattern[index + 1 : index + 3]
            extra = 2 if lead.startswith("^]") else 1 if lead[:1] in ("^", "]") else 0
            out.append(pattern[index : index + 1 + extra])
            index += 1 + extra
            continue
        if char == "]":
            inside = False
        out.append(char)
        index += 1
    return "".join(out)


def _escape(letter: str, inside: bool) -> str:
    if letter.lower() not in CLASSES:
        return f"\\{letter}"
    if letter.islower():
        return CLASSES[letter] if inside else f"[{CLASSES[letter]}]"
    if inside:
        raise PatternError(f"\\{letter} cannot stand inside brackets: write what is meant")
    return f"[^{CLASSES[letter.lower()]}]"


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 32 << 20
    try:
        return re2.compile(ascii_classes(pattern), options)
    except re2.error as error:
        reason = error.args[0] if error.args else "not a regular expression"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise PatternError(f"{pattern!r}: {text}") from None


def check_pattern(pattern: str) -> None:
    """Raise PatternError when the pattern cannot be used."""
    _compiled(pattern)


def spans(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Character spans of all matches, left to right, without overlap and without empty ones."""
    for match in _compiled(pattern).finditer(text):
        start, end = match.span()
        if end > start:
            yield start, end


def bulk_pattern(pattern: str) -> str:
    """The pattern for polars: the same language, word boundaries ASCII as RE2 has them."""
    return ascii_classes(pattern).replace(r"\b", r"(?-u:\b)").replace(r"\B", r"(?-u:\B)")
