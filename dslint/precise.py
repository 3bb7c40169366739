"""The slow, exact JSON reader: what is wrong with a line the fast decoder refuses, and where its values are.

The line is read as Latin-1, in which a character is a byte, so every position is a byte offset as it stands;
keys and excerpts are decoded as the UTF-8 they are. Checked to accept just what jiter accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from math import isinf
from typing import NamedTuple, NoReturn

KINDS = frozenset(
    ["invalid-utf8", "byte-order-mark", "blank-line", "trailing-comma", "single-quotes", "unescaped-quote", "several-objects", "extra-data", "truncated-line", "non-finite-number", "duplicate-key", "lone-surrogate", "unrepresentable-number", "deep-nesting", "control-character", "comment", "python-literal", "syntax-error", "not-an-object"]
)
MAX_FAULTS = 20  # per line
MAX_DEPTH = 200  # jiter's recursion limit; an empty container may stand one level deeper
MAX_INT_DIGITS = 4300  # before the point; jiter's limit, and that of int() in CPython
SPAN_ROOM = 1 << 25  # what all recorded pointers may cost, each its characters and SPAN_COST more
SPAN_COST = 64

BOM = "\xef\xbb\xbf"  # U+FEFF in UTF-8, as Latin-1
SPACE = re.compile(r"[ \t\r\n]*")
TOKEN = re.compile(r"[-+.\w]*", re.ASCII)
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
CUT_NUMBER = re.compile(r"-|-?(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][-+]?)")
COMMENT = re.compile(r"//|/\*|#")
VALUE_START = re.compile(r'["{\[]|-?[0-9]|(?:true|false|null)\b', re.ASCII)
EXCERPT = re.compile(r"[-+.\w]{1,16}|.", re.DOTALL)
PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\r?\Z")
SURROGATE = re.compile("[\ud800-\udfff]")
PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
SURROGATE_ESCAPE = re.compile(PAIR + r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")
STRING_PIECE = re.compile(rb"[^\\]+|" + PAIR.encode() + rb"|\\u[0-9a-fA-F]{4}|\\.")

CONSTANTS = ("true", "false", "null")
NON_FINITE = ("NaN", "Infinity", "-Infinity")
PYTHON = {"True": "true", "False": "false", "None": "null"}


class Fault(NamedTuple):
    """One thing wrong with a line.

    `kind` is one of KINDS, `byte` the 0-based offset in the line, `length` in bytes (0 only at the end of the line),
    `detail` a fact for the message (at most 80 characters), `pointer` the RFC 6901 pointer of the value or key
    concerned ("" where not known; a lone surrogate in a key is U+FFFD in it).
    """

    kind: str
    byte: int
    length: int
    detail: str
    pointer: str


class Span(NamedTuple):
    """Byte offsets in a line, `end` excluded."""

    start: int
    end: int


class Scan(NamedTuple):
    """What a line holds, up to its first syntax fault.

    `faults` are in byte order, at most MAX_FAULTS; `spans` and `keys` lead from JSON pointers to the values and to
    their key strings. Of a repeated key the last one counts. Recording ends when pointers cost over SPAN_ROOM.
    """

    faults: tuple[Fault, ...]
    spans: dict[str, Span]
    keys: dict[str, Span]


def examine(raw: bytes) -> Scan:
    """Read one physical line, given without its line feed, in linear time. Raises nothing, whatever the bytes."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return _invalid_utf8(raw, error)
    reader = _Reader(raw)
    reader.read_line()
    return Scan(tuple(sorted(reader.faults, key=lambda fault: fault.byte)), reader.spans, reader.keys)


def _invalid_utf8(raw: bytes, error: UnicodeDecodeError) -> Scan:
    before = _Reader(raw[: error.start])
    before.read_line()
    last = before.faults[-1:]
    pointer = last[0].pointer if last and last[0].kind == "truncated-line" else ""
    detail = f"byte 0x{raw[error.start]:02x} is not UTF-8: {error.reason}"
    fault = Fault("invalid-utf8", error.start, error.end - error.start, detail, pointer)
    return Scan((fault,), before.spans, before.keys)


def text_span(raw: bytes, span: Span, start: int, end: int) -> Span:
    """The bytes of characters [start, end) of the string whose literal is at `span`, as Python counts them.

    A surrogate pair is one character; offsets beyond the string are its end; a value that is no string is whole.
    """
    if raw[span.start : span.start + 1] != b'"':
        return span
    literal = raw[span.start + 1 : span.end - 1]
    first = span.start + 1
    return Span(first + _byte_offset(literal, start), first + _byte_offset(literal, max(start, end)))


def _byte_offset(literal: bytes, characters: int) -> int:
    for piece in STRING_PIECE.finditer(literal):
        if characters <= 0:
            return piece.start()
        if piece[0].startswith(b"\\"):
            characters -= 1
            continue
        text = piece[0].decode()
        if characters < len(text):
            return piece.start() + len(text[:characters].encode())
        characters -= len(text)
    return len(literal)


class _SyntaxFault(Exception):
    """The first syntax fault, already noted: the scan ends."""


@dataclass(slots=True)
class _Container:
    start: int
    closer: str
    pointer: str | None
    size: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # key -> its first byte


class _Reader:
    """One pass over one line. A pointer is None once SPAN_ROOM is used up."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.text = raw.decode("latin-1")
        self.at = 0
        self.open: list[_Container] = []
        self.faults: list[Fault] = []
        self.spans: dict[str, Span] = {}
        self.keys: dict[str, Span] = {}
        self.room = SPAN_ROOM

    def read_line(self) -> None:
        if self.text.startswith(BOM):
            self.note("byte-order-mark", 0, len(BOM), "byte-order mark at the start of the line")
            self.at = len(BOM)
        start = self.skip_space()
        if start == len(self.text):
            self.note("blank-line", self.at, start - self.at, "nothing but white space")
            return
        try:
            self.read_value_at(start)
        except _SyntaxFault:
            return
        if self.text[start] != "{":
            detail = f"expected an object, found {self.excerpt(start)}"
            self.add(Fault("not-an-object", start, self.spans[""].end - start, detail, ""))

    def read_value_at(self, start: int) -> None:
        """A whole value and what is left of the line after it."""
        self.at = start
        pointer: str | None = ""
        while True:
            complete = self.value(pointer)
            while complete and self.open:
                complete = self.end_or_comma(pointer)
            if complete:
                break
            pointer = self.member()
        self.at = self.skip_space()
        if VALUE_START.match(self.text, self.at):
            self.stop("several-objects", self.at, 1, f"a second value starts: {self.excerpt(self.at)}", "")
        if self.at < len(self.text):
            self.unexpected("the end of the line", "", kind="extra-data")

    def value(self, pointer: str | None) -> bool:
        """Read a scalar or an empty container (True), or go into a container, up to its first member (False)."""
        start = self.at
        first = self.text[start : start + 1]
        if first and first in "{[":
            closer = "}" if first == "{" else "]"
            self.at += 1
            self.at = self.skip_space()
            if self.text[self.at : self.at + 1] != closer:
                if len(self.open) == MAX_DEPTH and self.at < len(self.text):
                    self.stop("deep-nesting", start, 1, f"nested more than {MAX_DEPTH} deep", pointer)
                self.open.append(_Container(start, closer, pointer))
                return False
            self.at += 1
        elif first == '"':
            self.string(pointer)
        else:
            self.bare(pointer)
        self.record(self.spans, pointer, start)
        return True

    def end_or_comma(self, pointer: str | None) -> bool:
        """After a member: read the end of its container (True), or the comma before the next member (False)."""
        container = self.open[-1]
        end_of_value = self.at
        comma = self.at = self.skip_space()
        found = self.text[comma : comma + 1]
        if found == container.closer:
            self.at += 1
            self.open.pop()
            self.record(self.spans, container.pointer, container.start)
            return True
        if found != ",":
            self.unexpected(f"',' or '{container.closer}' after a value", pointer, end_of_value)
        self.at += 1
        self.at = self.skip_space()
        if self.text[self.at : self.at + 1] == container.closer:
            self.stop("trailing-comma", comma, 1, "comma after the last item", container.pointer)
        return False

    def member(self) -> str | None:
        """The pointer of the next member of the innermost container, read up to the start of its value."""
        container = self.open[-1]
        if container.closer == "]":
            container.size += 1
            return self.child(container, str(container.size - 1))
        start = self.at
        if self.text[start : start + 1] != '"':
            self.unexpected("a key in double quotes", container.pointer)
        key = self.key(container.pointer)
        pointer = self.child(container, SURROGATE.sub("\ufffd", key).replace("~", "~0").replace("/", "~1"))
        self.record(self.keys, pointer, start)
        if key in container.seen:
            detail = f"key {_quoted(key)} is repeated, first at byte {container.seen[key]}"
            self.note("duplicate-key", start, self.at - start, detail, pointer)
        else:
            container.seen[key] = start
        end_of_key = self.at
        self.at = self.skip_space()
        if self.text[self.at : self.at + 1] != ":":
            self.unexpected("':' after a key", pointer, end_of_key)
        self.at += 1
        self.at = self.skip_space()
        return pointer

    def key(self, pointer: str | None) -> str:
        start = self.at
        key = self.string(pointer)
        if key.isascii():
            return key
        text: str = scanstring(self.raw[start : self.at].decode(), 1, True)[0]
        return text

    def string(self, pointer: str | None) -> str:
        """The text of a string, in which bytes above 0x7f still stand as Latin-1."""
        start = self.at
        text: str
        try:
            text, self.at = scanstring(self.text, start + 1, True)
        except JSONDecodeError:
            self.bad_string(pointer)
        if not text.isascii() and SURROGATE.search(text):
            for escape in SURROGATE_ESCAPE.finditer(self.text, start, self.at):
                if escape[1]:
                    detail = f"{escape[1]} is half of a surrogate pair"
                    self.note("lone-surrogate", escape.start(), len(escape[1]), detail, pointer)
        return text

    def bad_string(self, pointer: str | None) -> NoReturn:
        start = self.at
        at = PLAIN.match(self.text, start + 1).end()  # type: ignore[union-attr]
        while escape := ESCAPE.match(self.text, at):
            at = PLAIN.match(self.text, escape.end()).end()  # type: ignore[union-attr]
        if self.text[at:] in ("", "\r") or CUT_ESCAPE.match(self.text, at):
            self.truncated(f"a string that starts at byte {start}", pointer)
        if self.text[at] == "\\":
            shown = _quoted(_head(self.raw, at)[:2])
            self.stop("syntax-error", at, 2, f"{shown} is not an escape of JSON", pointer)
        self.stop("control-character", at, 1, f"control character 0x{self.raw[at]:02x} in a string", pointer)

    def bare(self, pointer: str | None) -> None:
        """A number or a constant, or what stands where a value should be."""
        start = self.at
        self.at = end = TOKEN.match(self.text, start).end()  # type: ignore[union-attr]
        token = self.text[start:end]
        if token in CONSTANTS:
            return
        if number := NUMBER.fullmatch(token):
            if len(number[1]) > MAX_INT_DIGITS or ((number[2] or number[3]) and isinf(float(token))):
                detail = f"number {self.excerpt(start)} is too large"
                self.note("unrepresentable-number", start, len(token), detail, pointer)
        elif token in NON_FINITE:
            self.note("non-finite-number", start, len(token), f"{token} is not a number of JSON", pointer)
        else:
            self.at = start
            self.bad_token(token, pointer)

    def bad_token(self, token: str, pointer: str | None) -> NoReturn:
        start = self.at
        if token and start + len(token) == len(self.text.rstrip("\r")):
            if CUT_NUMBER.fullmatch(token) or any(word.startswith(token) for word in CONSTANTS):
                self.truncated(f"a value that starts at byte {start}", pointer)
        if token in PYTHON:
            self.stop("python-literal", start, len(token), f"{token} is Python; JSON has {PYTHON[token]}", pointer)
        self.unexpected("a value", pointer, length=len(token))

    def unexpected(
        self, expected: str, pointer: str | None, end: int | None = None, kind: str = "syntax-error", length: int = 1
    ) -> NoReturn:
        """Stop at what stands here instead of `expected`, `end` being where the key or value before it ended."""
        at = self.at
        found = self.text[at : at + 1]
        if not found:
            inner = self.open[-1]
            name = "an object" if inner.closer == "}" else "an array"
            self.truncated(f"{name} that starts at byte {inner.start}", pointer)
        if end is not None and self.text[end - 1] == '"' and self.is_text(at, gap=at > end):
            detail = f"expected {expected}, found {self.excerpt(at)}"
            self.stop("unescaped-quote", end - 1, 1, detail, pointer)
        if found < " ":
            self.stop("control-character", at, 1, f"control character 0x{ord(found):02x} outside a string", pointer)
        if comment := COMMENT.match(self.text, at):
            self.stop("comment", at, len(comment[0]), f"comment: {self.excerpt(at)}", pointer)
        if found == "'" and kind == "syntax-error" and end is None:
            self.stop("single-quotes", at, 1, f"expected {expected}, found a single quote", pointer)
        self.stop(kind, at, max(length, 1), f"expected {expected}, found {self.excerpt(at)}", pointer)
