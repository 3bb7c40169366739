"""Regular expressions over hostile text: linear time only, one meaning in every engine.

RE2 decides; polars' Rust engine may be asked first, in bulk. The two differ in `\\d`, `\\w`, `\\s` and `\\b`, so
these are spelled out as ASCII before either sees the pattern, and in what they make of `\\<`, `&&` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\n\f\r"}
POSIX = r"\[:\^?[a-z]{1,10}:\]"
TOKEN = re.compile(rf"\\.|\[\^?\]?(?:\\.|{POSIX}|[^\]\\])*\]|.", re.DOTALL)  # an escape, a bracket, a sign
IN_BRACKETS = re.compile(rf"\\.|{POSIX}|\[", re.DOTALL)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
SET_OPERATION = re.compile("&&|--|~~")  # what Rust, unlike RE2, takes for one inside brackets
UNSUPPORTED = (
    (re.compile(r"\(\?<?[=!]"), "look-around is not supported: no linear-time engine has it"),
    (re.compile(r"\\[1-9]|\(\?P="), "back-references are not supported: no linear-time engine has them"),
)


class PatternError(Exception):
    """A pattern that no linear-time engine takes; the message is one line."""


def ascii_classes(pattern: str) -> str:
    """The pattern with its perl classes spelled out, in and outside of brackets. Raises PatternError."""
    return TOKEN.sub(_spelled, pattern)


def _spelled(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith("[") and len(text) > 1:
        return "[" + IN_BRACKETS.sub(_spelled_inside, text[1:])
    if not text.startswith("\\") or len(text) == 1:
        return text
    letter = text[1]
    if letter in "QE":
        raise PatternError(f"{text} is not supported: escape each character")
    if letter.lower() not in CLASSES:
        return text
    return f"[{'' if letter.islower() else '^'}{CLASSES[letter.lower()]}]"


def _spelled_inside(token: re.Match[str]) -> str:
    text = token[0]
    if text == "[":
        return r"\["
    if text.startswith("[") or text[1].lower() not in CLASSES:
        return text
    if text[1].isupper():
        raise PatternError(f"{text} cannot stand inside brackets: write what is meant")
    return CLASSES[text[1]]


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 32 << 20
    try:
        return re2.compile(ascii_classes(pattern), options)
    except re2.error as error:
        raise PatternError(f"{pattern!r}: {_reason(pattern, error)}") from None


def _reason(pattern: str, error: Exception) -> str:
    for unsupported, reason in UNSUPPORTED:
        if unsupported.search(pattern):
            return reason
    said = error.args[0] if error.args else "not a regular expression"
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def check_pattern(pattern: str) -> None:
    """Raise PatternError when the pattern cannot be used."""
    _compiled(pattern)


def spans(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Character spans of all matches, left to right, without overlap and without empty ones."""
    for match in _compiled(pattern).finditer(text):
        start, end = match.span()
        if end > start:
            yield start, end


def matching(pattern: str, texts: Sequence[str]) -> list[int]:
    """The places of the texts in which the pattern matches."""
    search = _compiled(pattern).search
    return [place for place, text in enumerate(texts) if search(text)]


def bulk_pattern(pattern: str) -> str:
    """The pattern for polars and texts joined by line feeds: it matches wherever the pattern matches one of them.

    Word boundaries are ASCII as RE2 has them; `\\<` and `\\>` are plain signs, not the word boundaries of Rust. The
    ends of a text are ends of a line. Where the two engines cannot be made to agree the pattern matches everywhere.
    """
    spelled = ascii_classes(pattern)
    brackets = (token for token in TOKEN.findall(spelled) if token.startswith("[") and len(token) > 1)
    if "{," in spelled or any(SET_OPERATION.search(text) for text in brackets):
        return ""
    return "(?m)" + ESCAPE.sub(_for_rust, spelled)


ENDS = {"A": "^", "z": "$", "Z": "$"}


def _for_rust(escape: re.Match[str]) -> str:
    if escape[1] in "bB":
        return f"(?-u:{escape[0]})"
    if escape[1] in ENDS:
        return ENDS[escape[1]]
    return escape[1] if escape[1] in "<>" else escape[0]


def full_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text. Raises PatternError."""
    return _compiled(pattern).fullmatch(text) is not None
