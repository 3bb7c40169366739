"""Which reports a run writes, and where to: one on standard output or in a file, and any number beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from dslint.config import ConfigError, suggest
from dslint.report import FORMATS
from dslint.sources import Source

STDOUT = Path("-")


class Wanted(NamedTuple):
    """A report in one format; the path `-` is standard output."""

    format: str
    path: Path = STDOUT


def known_format(name: str, option: str) -> str:
    """The name of a format. Raises ConfigError with the nearest name when there is none of that name."""
    if name not in FORMATS:
        raise ConfigError(f"{option}: {name!r} is not one of {', '.join(FORMATS)}{suggest(name, FORMATS)}")
    return name


def wanted(main: Wanted, more: Sequence[str]) -> tuple[Wanted, ...]:
    """The main report and those given as `FORMAT=PATH`.

    Raises ConfigError when a format is unknown or two reports go to one place, OSError when a place cannot be
    written to.
    """
    reports = [main]
    for text in more:
        name, equals, path = text.partition("=")
        known_format(name, "--report")
        if not equals or not path:
            raise ConfigError(f"--report: {text!r} has no path, as in {name}=PATH")
        reports.append(Wanted(name, Path(path)))
    taken: set[str] = set()
    for report in reports:
        place = _place(report.path)
        if place in taken:
            name = "standard output" if report.path == STDOUT else str(report.path)
            raise ConfigError(f"--report: two reports go to {name}; give one of them a file")
        taken.add(place)
        if report.path != STDOUT:
            from dslint.cli.writing import check_place  # few runs write files

            check_place(report.path)
    return tuple(reports)


def _place(path: Path) -> str:
    return "-" if path == STDOUT else os.path.realpath(path)


def check_inputs(reports: Sequence[Wanted], sources: Sequence[Source]) -> None:
    """Raise ConfigError when a report would replace a file that is being checked."""
    read = {os.path.realpath(source.original or source.path) for source in sources}
    for report in reports:
        if report.path != STDOUT and os.path.realpath(report.path) in read:
            raise ConfigError(f"{report.path} is also an input")


@contextmanager
def opened(report: Wanted, *, stdout_taken: bool) -> Iterator[TextIO]:
    """Where to write a report to; standard error where standard output holds fixed data."""
    if report.path != STDOUT:
        from dslint.cli.writing import written_whole

        with written_whole(report.path) as file:
            yield file
    else:
        yield sys.stderr if stdout_taken else sys.stdout
