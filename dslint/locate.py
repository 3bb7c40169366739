"""Columns and excerpts, worked out only for what is reported, from a second look at the lines concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from dslint.findings import Finding, Where
from dslint.precise import Scan, Span, examine, text_span
from dslint.sources import Source, lines_at


class Located(NamedTuple):
    """A finding with its place in the bytes of its line.

    `text` is the line decoded (undecodable bytes as lone surrogates), `start` and `end` count its characters from
    0, `byte_start` and `byte_end` its bytes. A finding about a whole file has an empty text.
    """

    finding: Finding
    text: str
    start: int
    end: int
    byte_start: int
    byte_end: int

    @property
    def column(self) -> int:
        """1-based, in characters."""
        return self.start + 1


def _span(where: Where, raw: bytes, scan: Scan) -> Span:
    if where.bytes is not None:
        return Span(min(where.bytes[0], len(raw)), min(where.bytes[1], len(raw)))
    whole = Span(0, len(raw.rstrip()))
    if not where.pointer:
        return whole
    pointer = where.pointer
    while pointer and pointer not in scan.spans:  # a pointer to what is missing leads to what should hold it
        pointer = pointer.rpartition("/")[0]
    span = scan.spans.get(pointer, whole)
    if where.span is not None and pointer == where.pointer:
        return text_span(raw, span, *where.span)
    return span


def located(finding: Finding, raw: bytes, scan: Scan) -> Located:
    """A finding with its place in its line, of which `scan` is the precise reading."""
    start, end = _span(finding.where, raw, scan)
    text = raw.decode("utf-8", "surrogateescape")
    first = len(raw[:start].decode("utf-8", "surrogateescape"))
    last = first + len(raw[start:end].decode("utf-8", "surrogateescape"))
    return Located(finding, text, first, last, start, end)


def locate(findings: Iterable[Finding], sources: Sequence[Source]) -> Iterator[Located]:
    """The findings, which are in report order, each with its place."""
    by_name = {source.name: source for source in sources}
    for name, of_file in groupby(findings, key=lambda finding: finding.where.source):
        yield from _in_file(list(of_file), by_name.get(name))


def _in_file(findings: list[Finding], source: Source | None) -> Iterator[Located]:
    wanted = {finding.where.line for finding in findings if finding.where.line}
    lines = lines_at(source, wanted) if source is not None else iter(())
    for line, group in groupby(findings, key=lambda finding: finding.where.line):
        of_line = list(group)
        raw = next(lines, (line, b""))[1] if line else b""
        pointed = any(finding.where.pointer for finding in of_line)
        scan = examine(raw if pointed else b"")
        for finding in of_line:
            yield located(finding, raw, scan)
