"""From raw lines to records: the fast decoder, and what is wrong where it refuses.

jiter rejects what JSON rejects, and duplicate keys, NaN and lone surrogates besides; a line it refuses is read
again by the precise reader. Faults of a file as a whole are seen in its first bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isinf
from typing import IO, Any

from jiter import from_json

from dslint.findings import Finding, Where
from dslint.precise import Fault, examine
from dslint.sources import MAX_LINE

BOM = b"\xef\xbb\xbf"
HEAD = 1 << 20  # bytes looked at before a file is read line by line

# Faults of a whole file: nothing in it is read line by line.
WHOLE_FILE = frozenset(
    ["empty-file", "wrong-encoding", "packed-data", "binary-data", "json-array", "pretty-printed", "cr-line-ends"]
)
# Faults of a line besides those of the precise reader.
LINE_ENDS = frozenset(("crlf-line-ends", "no-final-newline", "long-line"))

# Faults after which the precise reader reads on.
READ_ON = frozenset(
    (
        "byte-order-mark",
        "duplicate-key",
        "lone-surrogate",
        "non-finite-number",
        "not-an-object",
        "unrepresentable-number",
    )
)

MAGIC = (
    (b"\x1f\x8b", "packed-data", "gzip, but the name does not end in .gz"),
    (b"\x28\xb5\x2f\xfd", "packed-data", "zstd, but the name does not end in .zst"),
    (b"PK\x03\x04", "packed-data", "a zip archive"),
    (b"PAR1", "binary-data", "Parquet"),
    (b"ARROW1", "binary-data", "Arrow"),
)
UTF_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32 (little endian)"),
    (b"\x00\x00\xfe\xff", "UTF-32 (big endian)"),
    (b"\xff\xfe", "UTF-16 (little endian)"),
    (b"\xfe\xff", "UTF-16 (big endian)"),
)
# JSON starts with two ASCII characters, so the NULs among its first four bytes tell its encoding (RFC 4627 §3).
NUL_PATTERNS: dict[tuple[bool, ...], str] = {
    (True, False, False, False): "UTF-32 (little endian)",
    (False, False, False, True): "UTF-32 (big endian)",
    (True, False, True, False): "UTF-16 (little endian)",
    (False, True, False, True): "UTF-16 (big endian)",
}


@dataclass(frozen=True)
class FaultAt:
    """A fault and the line it is on (1 for a fault of the whole file): what `fault` rules look at."""

    fault: Fault
    source: str
    line: int

    @property
    def kind(self) -> str:
        """What is wrong, one of the kinds a `fault` rule names."""
        return self.fault.kind

    @property
    def detail(self) -> str:
        """What was found or expected, for the message."""
        return self.fault.detail

    def finding(self, message: str) -> Finding:
        """A finding at the fault's own bytes."""
        start = self.fault.byte
        place = Where(self.source, self.line, self.fault.pointer, bytes=(start, start + self.fault.length))
        return Finding(place, message)


def decode(raw: bytes) -> dict[str, Any] | None:
    """The object on a line, None when the line is anything but one sound JSON object."""
    try:
        data = from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
    except ValueError:
        return None
    return data if type(data) is dict else None


def overflows(value: Any) -> bool:
    """Whether a decoded value holds a number too large for a double (1e999), which jiter gives as infinite."""
    items = value.values() if type(value) is dict else value if type(value) is list else (value,)
    for item in items:
        kind = type(item)
        if kind is str:
            continue
        if kind is float:
            if isinf(item):
                return True
        elif (kind is dict or kind is list) and overflows(item):
            return True
    return False


def line_faults(raw: bytes) -> tuple[Fault, ...]:
    """Everything wrong with a line (without its line feed)."""
    return examine(raw).faults


def _wide_encoding(head: bytes) -> str:
    for bom, name in UTF_BOMS:
        if head.startswith(bom):
            return name
    return NUL_PATTERNS.get(tuple(byte != 0 for byte in head[:4]), "")


def file_fault(head: bytes, whole: bool) -> Fault | None:
    """What makes a file unreadable line by line, from its first HEAD bytes (`whole`: there are no more)."""
    if not head:
        return Fault("empty-file", 0, 0, "", "")
    for magic, kind, detail in MAGIC:
        if head.startswith(magic):
            return Fault(kind, 0, len(magic), detail, "")
    encoding = _wide_encoding(head)
    if encoding:
        return Fault("wrong-encoding", 0, 2, encoding, "")
    body = head.removeprefix(BOM)
    if b"\n" not in body.rstrip() and b"\r" in body.rstrip():
        return Fault("cr-line-ends", body.index(b"\r"), 1, "", "")
    return _spread_value(body, whole)


def _spread_value(body: bytes, whole: bool) -> Fault | None:
    """One JSON value over many lines, or an array with all records in it."""
    start = body.lstrip()
    if not start.startswith((b"[", b"{")):
        return None
    first, _, rest = start.partition(b"\n")
    if decode_any(first):
        return _array(first) if start.startswith(b"[") and whole and not rest.strip() else None
    cut_off = any(fault.kind == "truncated-line" for fault in line_faults(first))
    if not cut_off or not rest.strip() or not _continues(start, whole):
        return None
    kind = "json-array" if start.startswith(b"[") else "pretty-printed"
    return Fault(kind, 0, 1, "", "")


def decode_any(raw: bytes) -> bool:
    """Whether bytes are one JSON value."""
    try:
        from_json(raw)
    except ValueError:
        return False
    return True


def _array(first: bytes) -> Fault | None:
    value = from_json(first)
    holds_records = isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
    return Fault("json-array", 0, 1, "", "") if holds_records else None


def _continues(text: bytes, whole: bool) -> bool:
    """Whether a value that starts on the first line goes on over the next ones instead of being cut off there."""
    faults = {fault.kind: fault for fault in examine(text).faults}
    if "truncated-line" in faults:
        return not whole
    after = faults.get("several-objects") or faults.get("extra-data")
    if after is not None:
        return after.byte > text.index(b"\n")
    return faults.keys() <= READ_ON


def read_head(stream: IO[bytes]) -> tuple[bytes, bool]:
    """The first lines of a stream, and whether they are all there is."""
    head = stream.read(HEAD)
    if not stream.read(1):
        return head, True
    return head[: head.rfind(b"\n") + 1] or head, False  # a line, and so a character, is not cut in two


def end_faults(raw: bytes) -> Iterator[Fault]:
    """Faults of a line's end: a carriage return before the line feed, no line feed at all."""
    if len(raw) > MAX_LINE:
        return  # only its beginning was read
    if raw.endswith(b"\r\n"):
        yield Fault("crlf-line-ends", len(raw) - 2, 1, "", "")
    if raw and not raw.endswith(b"\n"):
        yield Fault("no-final-newline", len(raw) - 1, 1, "", "")
