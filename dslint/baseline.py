"""Findings that are known and accepted: a baseline file, and single waivers with a reason.

An entry names a rule, a record by a digest of its content, and a place in it: no text of the data, no line numbers,
no dates. So it holds when rows are put in another order or into another file, and no longer when the row changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import abspath, relpath
from pathlib import Path
from typing import NamedTuple

from dslint.config import ConfigError, Waiver
from dslint.decode import BOM, decode
from dslint.driver import Result
from dslint.findings import Finding
from dslint.records import digest
from dslint.sources import Source, lines_at

VERSION = 1
FIELDS = ("file", "pointer", "record", "rule")


class Entry(NamedTuple):
    """One accepted finding. `record` is a digest in hex, "" for a finding about a file as a whole.

    A finding about several records has one digest of them all, whatever their order, and no pointer. `file` says
    where the record stood, from the folder of the baseline; it is part of the key only where `record` is "".
    """

    file: str
    pointer: str
    record: str
    rule: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two entries the same."""
        return self.rule, self.record or f"file {self.file}", self.pointer


@dataclass(frozen=True)
class Accepted:
    """What a baseline did to a run: the findings left, how many it held back, entries nothing was found for."""

    left: list[Finding]
    held_back: int
    stale: list[Entry]


def record_id(line: bytes) -> bytes:
    """16 bytes that follow from what a line holds: from its JSON value, or from its bytes where it holds none."""
    data = decode(line.removeprefix(BOM))
    return digest(line.strip() if data is None else data)


def entries(findings: Sequence[Finding], sources: Sequence[Source], folder: Path) -> list[Entry]:
    """The entry of each finding, in the same order."""
    known = record_ids(findings, sources)
    return [_entry(finding, known, folder) for finding in findings]


def record_ids(findings: Iterable[Finding], sources: Sequence[Source]) -> dict[tuple[str, int], bytes]:
    """`record_id` by (source, line) of every record that the findings speak of."""
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        for where in (finding.where, *(other.where for other in finding.related)):
            if where.line:
                wanted.setdefault(where.source, set()).add(where.line)
    by_name = {source.name: source for source in sources}
    return {
        (name, number): record_id(line)
        for name, numbers in wanted.items()
        if name in by_name
        for number, line in lines_at(by_name[name], numbers)
    }


def _entry(finding: Finding, known: Mapping[tuple[str, int], bytes], folder: Path) -> Entry:
    where = finding.where
    file = _from(folder, where.source)
    places = [(where.source, where.line), *((other.where.source, other.where.line) for other in finding.related)]
    records = sorted({known[place] for place in places if place in known})
    if not where.line or not records:
        return Entry(file, where.pointer, "", finding.code)
    if len(places) == 1:
        return Entry(file, where.pointer, records[0].hex(), finding.code)
    return Entry(file, "", digest(b"".join(records)).hex(), finding.code)


def read(path: Path) -> list[Entry]:
    """The entries of a baseline file. Raises ConfigError."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not a baseline: {error}") from None
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("entries"), list):
        raise ConfigError(f"{path}: not a baseline of version {VERSION}")
    return [_checked(entry, path) for entry in data["entries"]]


def _checked(entry: object, path: Path) -> Entry:
    if not isinstance(entry, dict) or sorted(entry) != list(FIELDS) or not all(map(_is_text, entry.values())):
        raise ConfigError(f"{path}: an entry must have {', '.join(FIELDS)}, all of them text")
    return Entry(**entry)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def written(accepted: Iterable[Entry]) -> str:
    """The text of a baseline file: sorted, one entry a line, so that changes of two people merge."""
    by_key = {entry.key: entry for entry in sorted(accepted, reverse=True)}
    ordered = sorted(by_key.values(), key=lambda entry: (entry.rule, entry.file, entry.record, entry.pointer))
    lines = ",\n".join(json.dumps(entry._asdict(), sort_keys=True) for entry in ordered)
    return f'{{"version": {VERSION}, "entries": [\n{lines}\n]}}\n'


def accept(
    result: Result,
    sources: Sequence[Source],
    folder: Path,
    baseline: Sequence[Entry],
    waivers: Sequence[Waiver] = (),
) -> Accepted:
    """Hold back what the baseline and the waivers name.

    An entry is stale when its rule was run and its file read and nothing was found for it.
    """
    keys = {entry.key for entry in baseline}
    waived = list(_waived(waivers, result))
    left, met = [], set()
    for finding, entry in zip(result.findings, entries(result.findings, sources, folder), strict=True):
        if entry.key in keys:
            met.add(entry.key)
        elif not any(code == entry.rule and entry.record.startswith(record) for code, record in waived):
            left.append(finding)
    run = {rule.code for rule in result.rules}
    files = {_from(folder, source.name) for source in sources}
    stale = [entry for entry in baseline if entry.key not in met and entry.rule in run and entry.file in files]
    return Accepted(left, len(result.findings) - len(left), stale)


def _from(folder: Path, name: str) -> str:
    return relpath(abspath(name), folder.resolve()).replace("\\", "/")


def _waived(waivers: Iterable[Waiver], result: Result) -> Iterator[tuple[str, str]]:
    codes = {name: rule.code for rule in result.rules for name in (rule.code, rule.name)}
    for waiver in waivers:
        if waiver.rule in codes:  # a rule that is not run finds nothing to waive
            yield codes[waiver.rule], waiver.record
