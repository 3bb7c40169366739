"""The statistics of a set, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dslint.budget import ENCODING
from dslint.findings import Where
from dslint.report.machine import plain
from dslint.report.table import table
from dslint.report.text import place, plural
from dslint.stats import Spread, Statistics

VERSION = 1  # of the JSON; goes up when a field changes its meaning or goes away
LABELS = 12  # labels that text shows
ROLES = 12
PERCENTILES = ("p50", "p90", "p99", "max")
BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def share(part: float, whole: float) -> str:
    """`12.3 %`."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def size(count: int) -> str:
    """`1.2 MB`."""
    return next((f"{count / unit:,.1f} {name}" for name, unit in BYTES if count >= unit), f"{count} B")


def text(found: Statistics) -> Iterator[str]:
    """Lines of at most 80 columns; what the set says goes through `visible`."""
    yield from _files(found)
    yield ""
    yield from _records(found)
    yield ""
    yield from _roles(found)
    yield ""
    yield "longest records"
    for tokens, source, line in found.longest:
        yield f"  {tokens:>9,} tokens  {place(Where(source, line))}"
    if found.labels:
        yield ""
        yield from _labels(found)
    if found.system is not None:
        yield ""
        yield from _system(found)
    yield ""
    yield from notes(found.with_tools, found.uncounted)


def notes(with_tools: int, uncounted: int) -> Iterator[str]:
    """How exact the tokens are, of a set with so many records with tools, and with parts that are no text."""
    yield f"Tokens are those of {ENCODING}: exact for the text of models that use it"
    yield "(gpt-4o, gpt-4.1), an estimate for others; turns are framed as OpenAI publishes."
    if with_tools:
        yield f"{plural(with_tools, 'record')} with tools, which are counted as JSON: an estimate."
    if uncounted:
        yield f"{plural(uncounted, 'record')} with images, tools as text or other parts: not counted."


def estimated(with_tools: int, uncounted: int) -> dict[str, int]:
    """The same for JSON."""
    return {"records_with_tools": with_tools, "records_with_uncounted_parts": uncounted}


def _files(found: Statistics) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("file", "role", "layout", "records", "bytes", "tokens")]
    for file in found.files:
        tokens = f"{found.file_tokens.get(file.source, 0):,}"
        kind = file.role or "-", file.layout or "-"
        rows.append((file.source, *kind, f"{file.records:,}", size(file.size), tokens))
    yield from table(rows, tail=True)
    lost = sum(file.lines - file.records for file in found.files)
    if lost:
        yield f"{plural(lost, 'line')} without a record: see `dslint lint`"


def _spread(name: str, spread: Spread) -> tuple[str, ...]:
    return (name, *(f"{value:,}" for value in spread[2:]), f"{spread.total:,}")


def _records(found: Statistics) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("of a record", *PERCENTILES, "all")]
    rows += [_spread("turns", found.turns), _spread("tokens", found.tokens)]
    rows.append(_spread("tokens before the last answer", found.requests))
    yield from table(rows)


def _roles(found: Statistics) -> Iterator[str]:
    turns, tokens = found.turns.total, sum(spread.total for spread in found.roles.values())
    rows: list[tuple[str, ...]] = [("tokens of a turn", *PERCENTILES, "all", "share", "turns", "share")]
    for role, spread in list(found.roles.items())[:ROLES]:
        shares = share(spread.total, tokens), f"{spread.number:,}", share(spread.number, turns)
        rows.append((*_spread(role, spread), *shares))
    yield from table(rows)
    if len(found.roles) > ROLES:
        yield f"and {plural(len(found.roles) - ROLES, 'more role')}"


def _labels(found: Statistics) -> Iterator[str]:
    total = sum(found.labels.values())
    rows: list[tuple[str, ...]] = [("label", "records", "share")]
    rows += [(label, f"{many:,}", share(many, total)) for label, many in list(found.labels.items())[:LABELS]]
    yield from table(rows)
    if len(found.labels) > LABELS:
        yield f"and {plural(len(found.labels) - LABELS, 'more label')}"


def _system(found: Statistics) -> Iterator[str]:
    system = found.system
    assert system is not None
    requests = found.requests.total / max(found.requests.number, 1)
    yield f"system prompts: {system.kinds:,} in {system.records:,} of {plural(found.records, 'record')}"
    usual = f"the most frequent has {system.tokens:,} tokens and stands in {plural(system.times, 'record')}"
    yield f"  {usual}, first in"
    yield f"  {place(Where(system.source, system.line))}"
    yield f"  leaving system prompts out saves {system.mean:,.0f} tokens a request ({share(system.mean, requests)})"
    if system.trimmed < system.tokens:
        saved = system.tokens - system.trimmed
        yield f"  without repeated lines and needless white space it saves {saved:,} tokens a request"


def as_json(found: Statistics) -> str:
    """One object with everything that text shows, complete."""
    from dslint import __version__

    files = [
        {"path": plain(file.source), "role": file.role, "layout": file.layout, "bytes": file.size}
        | {"lines": file.lines, "records": file.records, "tokens": found.file_tokens.get(file.source, 0)}
        for file in found.files
    ]
    longest = [{"path": plain(source), "line": line, "tokens": tokens} for tokens, source, line in found.longest]
    system = found.system._asdict() | {"source": plain(found.system.source)} if found.system else None
    facts = {
        "version": VERSION,
        "tool": {"name": "dslint", "version": __version__},
        "files": files,
        "records": found.records,
        "turns": found.turns._asdict(),
        "tokens": found.tokens._asdict(),
        "requests": found.requests._asdict(),
        "roles": {plain(role): spread._asdict() for role, spread in found.roles.items()},
        "longest": longest,
        "labels": {plain(label): count for label, count in found.labels.items()},
        "system_prompts": system,
        "encoding": found.encoding,
        "estimated": estimated(found.with_tools, found.uncounted),
    }
    return json.dumps(facts, ensure_ascii=True, indent=2)
