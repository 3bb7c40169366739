"""What a stranger's rule answers, held against what an answer may be: its types, its sizes, where it points."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dslint.findings import SEVERITIES, Finding, Related, Where

LONGEST = 1000  # characters of a message
LONGEST_POINTER = 10_000


class RuleFault(Exception):
    """What a rule did instead of its work."""


def place_of(subject: Any) -> tuple[str, int]:
    """The file and line of what a rule is shown, "" and 0 where it has none."""
    first = subject[0] if type(subject) is list and subject else subject
    home = getattr(first, "record", first)
    return str(getattr(home, "source", "")), int(getattr(home, "line", getattr(home, "number", 0)))


def many(found: Any) -> Iterable[Any]:
    """What a check gave, to be gone through. Raises RuleFault when it is no series of findings."""
    if found is None:
        return ()
    if isinstance(found, (str, bytes, tuple, dict)):
        raise RuleFault(f"gave {type(found).__name__} instead of findings")
    answers: Iterable[Any] = iter(found)
    return answers


def _places(subject: Any) -> Callable[[str, int], bool]:
    """Whether what a rule was shown stands in that line of that file."""
    files = getattr(subject, "files", None)
    if files is not None:  # a dataset
        lines = {file.source: file.lines for file in files}
        others = subject.facts.sources.keys() - lines.keys()
        return lambda source, line: source in others or bool(0 <= line <= lines.get(source, -1))
    if type(subject) is list:  # a group
        known = {(fact.source, fact.line) for fact in subject}
        return lambda source, line: (source, line) in known
    file = getattr(subject, "file", subject)
    if hasattr(file, "lines"):  # a file, or the tally of one
        return lambda source, line: bool(source == file.source and 0 <= line <= file.lines)
    here = place_of(subject)
    return lambda source, line: not here[0] or (source, line) == here


def sound(found: Iterable[Any], subject: Any, kind: str) -> list[Finding]:
    """The findings as reports can take them. Raises RuleFault when one is none, or points to what was not shown."""
    allowed = _places(subject)
    return [_sound(finding, allowed, kind) for finding in found]


def _sound(finding: Any, allowed: Callable[[str, int], bool], kind: str) -> Finding:
    if type(finding) is not Finding:
        raise RuleFault(f"gave {type(finding).__name__} instead of a finding")
    _check_where(finding.where)
    if finding.severity not in ("", *SEVERITIES):
        raise RuleFault(f"severity must be one of {', '.join(SEVERITIES)}")
    if type(finding.related) is not tuple:
        raise RuleFault("related must be a tuple")
    for other in finding.related:
        if type(other) is not Related or type(other.note) is not str:
            raise RuleFault(f"gave {type(other).__name__} instead of a related place")
        _check_where(other.where)
    if type(finding.message) is not str:
        raise RuleFault(f"gave a message that is {type(finding.message).__name__}")
    if finding.score is not None and type(finding.score) not in (int, float):
        raise RuleFault(f"gave a score that is {type(finding.score).__name__}")
    if kind == "shape":
        _check_replayed(finding.where.pointer)
    elif not allowed(finding.where.source, finding.where.line):
        raise RuleFault(f"points to {finding.where.source[:60]}:{finding.where.line}, which it was not shown")
    if len(finding.message) > LONGEST:
        finding = finding._replace(message=finding.message[: LONGEST - 1] + "…")
    notes = tuple(other._replace(note=other.note[:LONGEST]) for other in finding.related)
    checked: Finding = finding._replace(related=notes)
    return checked


def _check_where(where: Any) -> None:
    sound = (
        type(where) is Where
        and type(where.source) is str
        and type(where.line) is int
        and type(where.pointer) is str
        and len(where.pointer) <= LONGEST_POINTER
        and all(pair is None or _is_pair(pair) for pair in (where.span, where.bytes))
    )
    if not sound:
        raise RuleFault("gave a place that is none")


def _is_pair(pair: Any) -> bool:
    return type(pair) is tuple and len(pair) == 2 and all(type(end) is int and end >= 0 for end in pair)


def _check_replayed(pointer: str) -> None:
    """A shape's finding is replayed in every record of the shape, by turn and key."""
    turn, key, _ = (pointer[1:] + "/").partition("/") if pointer else ("0", "/", "")
    if not pointer.startswith("@") and not (turn.isdecimal() and key):
        raise RuleFault(f"points to {pointer[:60]!r}, which is no place in a shape")
