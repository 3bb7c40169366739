"""The slow, exact JSON reader: what is wrong with a line the fast decoder refuses, and where its values are.

The line is read as Latin-1, in which a character is a byte, so every position is a byte offset as it stands;
keys and excerpts are decoded as the UTF-8 they are. Checked to accept just what jiter accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # typeshed leaves scanstring out
from math import isinf
from typing import NamedTuple, NoReturn

from dslint import misread
from dslint.findings import escaped
from dslint.misread import Misread, end_of

KINDS = frozenset(
    [
        "invalid-utf8",
        "byte-order-mark",
        "blank-line",
        "trailing-comma",
        "single-quotes",
        "unescaped-quote",
        "several-objects",
        "extra-data",
        "truncated-line",
        "non-finite-number",
        "duplicate-key",
        "lone-surrogate",
        "unrepresentable-number",
        "deep-nesting",
        "control-character",
        "comment",
        "python-literal",
        "syntax-error",
        "not-an-object",
    ]
)
MAX_FAULTS = 20  # per line
MAX_DEPTH = 200  # jiter's recursion limit; an empty container may stand one level deeper
MAX_INT_DIGITS = 4300  # before the point; jiter's limit, and that of int() in CPython
SPAN_ROOM = 1 << 24  # what all recorded pointers may cost, each its characters and SPAN_COST more
SPAN_COST = 64

BOM = "\xef\xbb\xbf"  # U+FEFF in UTF-8, as Latin-1
SPACE = re.compile(r"[ \t\r\n]*")
TOKEN = re.compile(r"[-+.\w]*", re.ASCII)
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
SURROGATE = re.compile("[\ud800-\udfff]")
PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
SURROGATE_ESCAPE = re.compile(PAIR + r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")
STRING_PIECE = re.compile(rb"[^\\]+|" + PAIR.encode() + rb"|\\u[0-9a-fA-F]{4}|\\.")

NON_FINITE = ("NaN", "Infinity", "-Infinity")


class Fault(NamedTuple):
    """One thing wrong with a line.

    `kind` is one of KINDS, `byte` the 0-based offset in the line, `length` in bytes (0 only at the line's end),
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
    """One pass over one line; `pointer` is that of the value at hand, None once SPAN_ROOM is used up."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.text = raw.decode("latin-1")
        self.at = 0
        self.pointer: str | None = ""
        self.open: list[_Container] = []
        self.faults: list[Fault] = []
        self.spans: dict[str, Span] = {}
        self.keys: dict[str, Span] = {}
        self.room = SPAN_ROOM

    def read_line(self) -> None:
        if self.text.startswith(BOM):
            self.note("byte-order-mark", 0, len(BOM), "byte-order mark at the start of the line")
            self.at = len(BOM)
        blank, start = self.at, self.skip_space()
        if start == len(self.text):
            self.note("blank-line", blank, start - blank, "nothing but white space")
            return
        try:
            self.whole_value()
            self.line_end()
        except _SyntaxFault:
            return
        if self.text[start] != "{":
            detail = f"expected an object, found {misread.excerpt(self.text, start)}"
            self.faults.append(Fault("not-an-object", start, self.spans[""].end - start, detail, ""))

    def whole_value(self) -> None:
        while True:
            complete = self.value()
            while complete and self.open:
                complete = self.end_or_comma()
            if complete:
                return
            self.member()

    def line_end(self) -> None:
        if self.skip_space() < len(self.text):
            self.stop(misread.bad_tail(self.text, self.at))

    def value(self) -> bool:
        """Read a scalar or an empty container (True), or go into a container, up to its first member (False)."""
        start, first = self.at, self.here()
        if first == '"':
            self.string()
        elif first == "{" or first == "[":
            closer = "}" if first == "{" else "]"
            self.at += 1
            self.skip_space()
            if self.here() != closer:
                if len(self.open) == MAX_DEPTH and self.here():
                    self.stop(Misread("deep-nesting", start, 1, f"nested more than {MAX_DEPTH} deep"))
                self.open.append(_Container(start, closer, self.pointer))
                return False
            self.at += 1
        else:
            self.bare()
        self.record(self.spans, start)
        return True

    def end_or_comma(self) -> bool:
        """After a member: read the end of its container (True), or the comma before the next member (False)."""
        container = self.open[-1]
        end_of_value, comma = self.at, self.skip_space()
        found = self.here()
        if found not in (",", container.closer):
            self.missing(f"',' or '{container.closer}' after a value", end_of_value)
        self.pointer = container.pointer
        self.at += 1
        if found == container.closer:
            self.open.pop()
            self.record(self.spans, container.start)
            return True
        self.skip_space()
        if self.here() == container.closer:
            self.stop(Misread("trailing-comma", comma, 1, "comma after the last item"))
        return False

    def member(self) -> None:
        """Go to the value of the next member of the innermost container."""
        container = self.open[-1]
        if container.closer == "]":
            self.enter(container, str(container.size))
            container.size += 1
            return
        if self.here() != '"':
            self.missing("a key in double quotes")
        start, key = self.at, self.key()
        self.enter(container, escaped(SURROGATE.sub("\ufffd", key)))
        self.record(self.keys, start)
        first = container.seen.setdefault(key, start)
        if first != start and self.notes_more():
            detail = f"key {misread.quoted(key)} is repeated, first at column {self.column(first):,}"
            self.note("duplicate-key", start, self.at - start, detail)
        end_of_key = self.at
        self.skip_space()
        if self.here() != ":":
            self.missing("':' after a key", end_of_key)
        self.at += 1
        self.skip_space()

    def enter(self, container: _Container, token: str) -> None:
        self.pointer = None
        if container.pointer is not None and self.room > 0:
            self.pointer = f"{container.pointer}/{token}"
            self.room -= len(self.pointer) + SPAN_COST

    def record(self, into: dict[str, Span], start: int) -> None:
        if self.pointer is not None:
            into[self.pointer] = Span(start, self.at)

    def key(self) -> str:
        start = self.at
        key = self.string()
        if key.isascii():
            return key
        text: str = scanstring(self.raw[start : self.at].decode(), 1, True)[0]
        return text

    def string(self) -> str:
        """Read a string; its text, in which bytes above 0x7f stand as Latin-1."""
        start = self.at
        text: str
        try:
            text, self.at = scanstring(self.text, start + 1, True)
        except JSONDecodeError:
            self.stop(misread.bad_string(self.text, start))
        if not text.isascii() and SURROGATE.search(text):
            for escape in SURROGATE_ESCAPE.finditer(self.text, start, self.at):
                if escape[1]:
                    detail = f"{escape[1]} is half of a surrogate pair"
                    self.note("lone-surrogate", escape.start(), len(escape[1]), detail)
        return text

    def bare(self) -> None:
        """A number or a constant."""
        start, end = self.at, end_of(TOKEN, self.text, self.at)
        token = self.text[start:end]
        if number := NUMBER.fullmatch(token):
            too_long = len(number[1]) > MAX_INT_DIGITS
            if too_long or ((number[2] or number[3]) and isinf(float(token))):
                detail = f"number {misread.excerpt(self.text, start)} is too large"
                self.note("unrepresentable-number", start, len(token), detail)
        elif token in NON_FINITE:
            self.note("non-finite-number", start, len(token), f"{token} is not a number of JSON")
        elif start == len(self.text):
            self.missing("a value")
        elif token not in misread.CONSTANTS:
            self.stop(misread.bad_value(self.text, start, token))
        self.at = end

    def missing(self, expected: str, end: int = 0) -> NoReturn:
        """Stop where `expected` should stand; `end` is the end of the key or value before it, if any."""
        if self.at == len(self.text):
            inner = self.open[-1]
            name = "an object" if inner.closer == "}" else "an array"
            self.stop(misread.cut_off(self.text, f"{name} that starts at byte {inner.start}"))
        if end:
            self.stop(misread.bad_end(self.text, self.at, end, expected))
        self.stop(misread.unexpected(self.text, self.at, expected))

    def note(self, kind: str, byte: int, length: int, detail: str) -> None:
        """A fault after which reading goes on; the last place is kept for one that ends it."""
        if self.notes_more():
            self.faults.append(Fault(kind, byte, length, detail, self.pointer or ""))

    def notes_more(self) -> bool:
        return len(self.faults) < MAX_FAULTS - 1

    def column(self, byte: int) -> int:
        """1-based, in characters; a cost for each byte before it."""
        return len(self.raw[:byte].decode("utf-8", "surrogateescape")) + 1

    def stop(self, found: Misread) -> NoReturn:
        self.faults.append(Fault(*found, self.pointer or ""))
        raise _SyntaxFault

    def here(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip_space(self) -> int:
        self.at = end_of(SPACE, self.text, self.at)
        return self.at
