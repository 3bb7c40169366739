"""Repairs: spliced into the bytes of the lines that need them; every other line keeps its bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

from dslint.decode import LINE_ENDS, decode
from dslint.findings import Finding, escaped
from dslint.locking import OutputError
from dslint.precise import examine
from dslint.ruledef import Rule
from dslint.sources import Source, read_lines

WHOLE = LINE_ENDS | {"json-array", "pretty-printed"}  # faults whose repair is for every line of the file


class Change(NamedTuple):
    """One line before and after; `after` is None when the line is dropped. Both with their line ends."""

    line: int
    before: bytes
    after: bytes | None


def splice(raw: bytes, old: Any, new: Any) -> bytes:
    """The line with the parts that differ between two versions of its record written anew.

    Only the smallest values that differ are replaced; a key added or removed rewrites the object it is in. A record
    with more values than the precise reader keeps places for stays as it is.
    """
    spans = examine(raw).spans
    edits = list(_edits(old, new, ""))
    if any(pointer not in spans for pointer, _ in edits):
        return raw
    for span, text in sorted(((spans[pointer], text) for pointer, text in edits), reverse=True):
        raw = raw[: span.start] + text + raw[span.end :]
    return raw


def _edits(old: Any, new: Any, pointer: str) -> Iterator[tuple[str, bytes]]:
    """(pointer, JSON text) of every value to write anew."""
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for key in old:
            yield from _edits(old[key], new[key], f"{pointer}/{escaped(key)}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _edits(before, after, f"{pointer}/{index}")
    elif type(old) is not type(new) or old != new:
        yield pointer, json.dumps(new, ensure_ascii=False).encode()


def fix_line(raw: bytes, rules: Sequence[Rule]) -> bytes | None:
    """A line, without its line feed, after the fixes of these rules; None when it is to be dropped."""
    for rule in rules:
        assert rule.fix is not None
        if rule.subject == "fault":
            fixed = rule.fix(raw)
            if fixed is None:
                return None
            raw = fixed
            continue
        data = decode(raw)
        if data is None:
            return raw
        repaired = rule.bound(rule.fix)(copy.deepcopy(data))
        if repaired is None:
            return None
        raw = splice(raw, data, repaired)
    return raw


class FilePlan(NamedTuple):
    """The fixes of one file: rules by line, and those that are for every line."""

    by_line: dict[int, list[Rule]]
    everywhere: list[Rule]

    def covers(self, source: Source) -> bool:
        """Whether the file can be written: as lines, or as what puts its records on lines."""
        on_lines = not source.items or any(rule.fault == source.items for rule in self.everywhere)
        return on_lines and not source.packed


def plan(findings: Iterable[Finding], rules: Mapping[str, Rule], *, unsafe: bool) -> dict[str, FilePlan]:
    """What to fix, by file, from findings whose rules have a fix that may be applied.

    A finding about a whole set is about every file it names.
    """
    files: dict[str, FilePlan] = {}
    for finding in findings:
        rule = rules[finding.code]
        if not finding.fix or (finding.fix == "unsafe" and not unsafe):
            continue
        of_set = rule.subject == "dataset"
        for source in {finding.where.source, *(near.where.source for near in finding.related if of_set)}:
            wanted = files.setdefault(source, FilePlan({}, []))
            everywhere = of_set or rule.fault in WHOLE
            chosen = wanted.everywhere if everywhere else wanted.by_line.setdefault(finding.where.line, [])
            if rule not in chosen:
                chosen.append(rule)
    return files


def rewrite(source: Source, wanted: FilePlan) -> Iterator[tuple[bytes | None, Change | None]]:
    """Each line of the file as it is to be written (None: dropped), and the change where there is one."""
    with source.open() as stream:
        # A line too long to be looked at is still a line to keep, so there is no limit here.
        for number, raw in enumerate(read_lines(stream, limit=source.size), 1):
            rules = [*wanted.everywhere, *wanted.by_line.get(number, ())]
            if not rules and not source.items:
                yield raw, None
                continue
            line_feed = b"\n" if raw.endswith(b"\n") or _ends_line(rules) else b""
            fixed = fix_line(raw.removesuffix(b"\n"), rules)
            after = None if fixed is None else fixed + line_feed
            yield after, (Change(number, raw, after) if after != raw else None)


def _ends_line(rules: Iterable[Rule]) -> bool:
    return any(rule.fault == "no-final-newline" for rule in rules)


def apply(source: Source, wanted: FilePlan, new: IO[bytes]) -> int:
    """Write a file as it is to be, and return the number of lines changed. Raises OSError.

    Raises OutputError when the file has changed since its findings were made: their lines may have moved.
    """
    changes = 0
    for after, change in rewrite(source, wanted):
        if after is not None:
            new.write(after)
        changes += change is not None or bool(source.items)
    if source.changed():
        raise OutputError(f"{source.name} changed while it was read; it is not fixed")
    return changes


def diff(source: Source, wanted: FilePlan, text: Callable[[bytes], str]) -> Iterator[str]:
    """What `apply` would change, in the form of a diff without context, invisible characters spelled out.

    `text` gives a line as it may be shown.
    """
    from dslint.report.visible import visible

    name, dropped, started = visible(source.name, 300), 0, False
    if source.items:
        yield f"--- {name}"
        yield f"+++ {name}"
        yield f"@@ every record on a line of its own, {sum(1 for _ in rewrite(source, wanted)):,} in all @@"
        return
    for _, change in rewrite(source, wanted):
        if change is None:
            continue
        if not started:
            yield f"--- {name}"
            yield f"+++ {name}"
            started = True
        kept = change.after is not None
        yield f"@@ -{change.line} +{change.line - dropped}{'' if kept else ',0'} @@"
        yield "-" + _shown(change.before, text)
        if change.after is not None:
            yield "+" + _shown(change.after, text)
        else:
            dropped += 1


def _shown(raw: bytes, text: Callable[[bytes], str]) -> str:
    from dslint.report.visible import visible

    end = "" if raw.endswith(b"\n") else "\n\\ no linefeed at the end"
    return visible(text(raw.removesuffix(b"\n")), 2000) + end
