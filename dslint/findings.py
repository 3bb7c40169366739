"""What was found, and where. Plain values; no I/O."""

from __future__ import annotations

from typing import NamedTuple

SEVERITIES = ("error", "warning", "info")
REFERENCE = "reference"  # the role of a file that data is only compared with, such as a benchmark


def escaped(key: str) -> str:
    """A key as a token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def tokens(pointer: str) -> list[str]:
    """The keys and places that a JSON pointer leads through."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


class Where(NamedTuple):
    """A place in a dataset.

    `source` is the file as the user named it, `line` is 1-based (0: the file as a whole), `pointer` an RFC 6901
    JSON pointer into the record as it stands in the file, `span` the (start, end) characters inside the string
    the pointer leads to, and `bytes` the (start, end) bytes inside the line where no pointer can lead.
    """

    source: str
    line: int
    pointer: str = ""
    span: tuple[int, int] | None = None
    bytes: tuple[int, int] | None = None

    @property
    def json_path(self) -> str:
        """The pointer as people write it: `/messages/3/content` is `messages[3].content`."""
        path = ""
        for name in tokens(self.pointer):
            path += f"[{name}]" if name.isdigit() else f".{name}" if path else name
        return path

    def sort_key(self) -> tuple[str, int, str, tuple[int, int], tuple[int, int]]:
        """A total order; two places compare equal only when they are the same place."""
        return self.source, self.line, self.pointer, self.span or (-1, -1), self.bytes or (-1, -1)


class Related(NamedTuple):
    """Another place a finding speaks of, and what it has to do with it."""

    where: Where
    note: str


class Finding(NamedTuple):
    """One fact about one place. A rule may leave `code`, `severity` and `fix` empty; the engine stamps them."""

    where: Where
    message: str
    code: str = ""
    severity: str = ""
    related: tuple[Related, ...] = ()
    fix: str = ""
    score: float | None = None

    def sort_key(self) -> tuple[object, ...]:
        """By place, then rule: the order of every report, whatever order the lines were read in."""
        related = tuple((other.where.sort_key(), other.note) for other in self.related)
        return self.where.sort_key(), self.code, self.message, related


class Fact(NamedTuple):
    """What one record tells a dataset rule: facts of one rule that share a `key` are judged together.

    `role` is the part the record's file plays in its dataset: train, validation, test, REFERENCE or "".
    """

    source: str
    line: int
    role: str
    key: bytes
    value: bytes = b""

    @property
    def where(self) -> Where:
        """The record the fact came from."""
        return Where(self.source, self.line)

    def finding(
        self,
        message: str,
        *,
        pointer: str = "",
        related: tuple[Related, ...] = (),
        severity: str = "",
        score: float | None = None,
    ) -> Finding:
        """A finding about this record, or about the place in it that `pointer` leads to."""
        where = Where(self.source, self.line, pointer)
        return Finding(where, message, severity=severity, related=related, score=score)
