"""What most likely went wrong where a line stops being JSON.

Text here is a line read as Latin-1, in which a character is a byte; excerpts are decoded as the UTF-8 they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dslint.regex import regex

CONSTANTS = ("true", "false", "null")
PYTHON = {"True": "true", "False": "false", "None": "null"}

CUT_NUMBER = regex(r"-|-?(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][-+]?)")
COMMENT = regex(r"//|/\*|#")
VALUE_START = regex(r'["{\[]|-?[0-9]|(?:true|false|null)\b', re.ASCII)
EXCERPT = regex(r"[-+.\w]{1,17}|.", re.DOTALL)
PLAIN = regex(r'[^"\\\x00-\x1f]*')
ESCAPE = regex(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
CUT_ESCAPE = regex(r"\\(?:u[0-9a-fA-F]{0,3})?\r?\Z")


class Misread(NamedTuple):
    """A syntax fault without its pointer; fields as those of a `Fault`."""

    kind: str
    byte: int
    length: int
    detail: str


def bad_string(text: str, start: int) -> Misread:
    """Why the string that starts at `start` cannot be read."""
    at = end_of(PLAIN, text, start + 1)
    while escape := ESCAPE.match(text, at):
        at = end_of(PLAIN, text, escape.end())
    if at >= _length(text) or CUT_ESCAPE.match(text, at):
        return cut_off(text, f"a string that starts at byte {start}")
    if text[at] == "\\":
        escaped = _head(text, at, 2)
        return Misread("syntax-error", at, _bytes(escaped), f"{quoted(escaped)} is not an escape of JSON")
    return Misread("control-character", at, 1, f"control character 0x{ord(text[at]):02x} in a string")


def bad_value(text: str, start: int, token: str) -> Misread:
    """Why `token`, a run of letters and digits or nothing, is no value."""
    may_go_on = CUT_NUMBER.fullmatch(token) or any(word.startswith(token) for word in CONSTANTS)
    if token and may_go_on and start + len(token) == _length(text):
        return cut_off(text, f"a value that starts at byte {start}")
    if token in PYTHON:
        detail = f"{token} is Python, not JSON, which has {PYTHON[token]}"
        return Misread("python-literal", start, len(token), detail)
    found = unexpected(text, start, "a value")
    return found._replace(length=len(token)) if token else found


def bad_end(text: str, at: int, end: int, expected: str) -> Misread:
    """What stands where `expected` should follow a key or value that ended at `end`."""
    if text[end - 1] == '"' and _looks_like_text(text, at, gap=at > end):
        return Misread("unescaped-quote", end - 1, 1, f"expected {expected}, found {excerpt(text, at)}")
    found = unexpected(text, at, expected)
    return found._replace(kind="syntax-error") if found.kind == "single-quotes" else found


def bad_tail(text: str, at: int) -> Misread:
    """What follows the value of the line."""
    if VALUE_START.match(text, at):
        return Misread("several-objects", at, 1, f"a second value starts: {excerpt(text, at)}")
    found = unexpected(text, at, "the end of the line")
    return found._replace(kind="extra-data") if found.kind in ("syntax-error", "single-quotes") else found


def unexpected(text: str, at: int, expected: str) -> Misread:
    """What stands, before the end of the line, where `expected` should."""
    if text[at] < " ":
        detail = f"control character 0x{ord(text[at]):02x} outside a string"
        return Misread("control-character", at, 1, detail)
    if comment := COMMENT.match(text, at):
        return Misread("comment", at, len(comment[0]), f"{comment[0]} starts a comment, which JSON has not")
    kind = "single-quotes" if text[at] == "'" else "syntax-error"
    return Misread(kind, at, _bytes(_head(text, at, 1)), f"expected {expected}, found {excerpt(text, at)}")


def cut_off(text: str, inside: str) -> Misread:
    """The line ends too early."""
    return Misread("truncated-line", _length(text), 0, f"line ends inside {inside}")


def excerpt(text: str, at: int) -> str:
    """The word or the character at a byte, for a message."""
    match = EXCERPT.match(_head(text, at, 17))
    return quoted(match[0] if match else "")


def quoted(text: str) -> str:
    """Text for a message: printable, at most 27 characters, whatever it holds."""
    shown = text[:16] if len(repr(text[:16])) <= 24 else text[:2]
    return repr(shown) + "..." * (shown != text)


def end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where the match of a pattern that may be empty ends."""
    match = pattern.match(text, start)
    return match.end() if match else start


def _looks_like_text(text: str, at: int, *, gap: bool) -> bool:
    """Whether what follows a closing quote is more of its text, rather than JSON that lacks a comma or colon."""
    if text[at] in ",:{}[]" or text[at] < " ":
        return False
    return not gap or not (VALUE_START.match(text, at) or COMMENT.match(text, at))


def _length(text: str) -> int:
    """Without the carriage return of a CRLF line end."""
    return len(text) - text.endswith("\r")


def _head(text: str, at: int, characters: int) -> str:
    return text[at : at + 4 * characters].encode("latin-1").decode(errors="ignore")[:characters]


def _bytes(text: str) -> int:
    return len(text.encode())
