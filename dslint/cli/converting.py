"""Converts files line by line; every line read is converted or set aside."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import IO

from dslint.config import ConfigError
from dslint.convert import NoPlace, converted
from dslint.decode import BOM, decode
from dslint.inputs import PARQUET
from dslint.layouts import by_name
from dslint.records import Record
from dslint.replacing import replacing
from dslint.report.text import plural
from dslint.report.visible import visible
from dslint.rows import as_parquet
from dslint.sources import Source, read_lines

SHOWN_REASONS = 5


class Files:
    """What is converted, and what is set aside: in a file that is there only when something is."""

    def __init__(self, stack: ExitStack, output: Path, aside: Path) -> None:
        self._stack, self._aside = stack, aside
        self.converted: IO[bytes] = stack.enter_context(replacing(output))
        if output.suffix.lower() == PARQUET:
            self.converted = stack.enter_context(as_parquet(self.converted, str(output)))

    @cached_property
    def aside(self) -> IO[bytes]:
        """Opened with the first line that has no place."""
        return self._stack.enter_context(replacing(self._aside))


def perform(sources: Sequence[Source], layout: str, to: str, output: Path, *, force: bool) -> int:
    """Convert all sources into one file; both outputs appear together, when every line has been read."""
    aside = output.with_name(f"{output.stem}.rejected.jsonl")
    for path in (output, aside):
        if path.exists() and not force:
            raise ConfigError(f"{path} exists; --force replaces it")
        if any(path.resolve() == source.path.resolve() for source in sources):
            raise ConfigError(f"{path} is also an input")
    lost: Counter[str] = Counter()
    reasons: list[str] = []
    with ExitStack() as stack:
        files = Files(stack, output, aside)
        written = sum(_convert(source, layout, to, files, lost, reasons) for source in sources)
    _say(written, lost, reasons, output, aside)
    return 1 if reasons else 0


def _convert(source: Source, layout: str, to: str, files: Files, lost: Counter[str], reasons: list[str]) -> int:
    written = 0
    with source.open() as stream:
        for number, raw in enumerate(read_lines(stream, limit=source.size), 1):
            if not raw.strip():
                continue
            try:
                line, losses = _one(raw, layout, to)
            except NoPlace as error:
                reasons.append(f"{source.name}:{number}: {error}")
                files.aside.write(raw.removesuffix(b"\n") + b"\n")
                continue
            files.converted.write(line)
            lost.update(losses)
            written += 1
    return written


def _one(raw: bytes, layout: str, to: str) -> tuple[bytes, Counter[str]]:
    data = decode(raw.removeprefix(BOM))
    if data is None:
        raise NoPlace("the line is no JSON object (see `dslint lint`)")
    return converted(Record(data, layout=by_name(layout)), to)


def _say(written: int, lost: Counter[str], reasons: list[str], output: Path, aside: Path) -> None:
    print(f"{plural(written, 'record')} written to {visible(str(output), 500)}")
    for name, count in sorted(lost.items(), key=lambda item: (-item[1], item[0])):
        print(f"  lost: {visible(name)} in {count:,}")
    if reasons:
        print(f"{plural(len(reasons), 'line')} set aside in {visible(str(aside), 500)}", file=sys.stderr)
    for reason in reasons[:SHOWN_REASONS]:
        print(f"  {visible(reason, 300)}", file=sys.stderr)
    if len(reasons) > SHOWN_REASONS:
        print(f"  and {len(reasons) - SHOWN_REASONS:,} more", file=sys.stderr)
