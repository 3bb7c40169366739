"""A fence around rules that are not ours: whatever one does, the run learns of it as an exception with a text.

Built-in rules go without: they are tested. A rule from a configuration or a package is a stranger's code, which may
raise anything, never stop, answer with anything, point anywhere, or change the data that others look at after it.
"""

from __future__ import annotations

import json
import marshal
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, wraps
from itertools import islice
from typing import Any

from dslint import loader, watch
from dslint.answers import RuleFault, many, place_of, sound
from dslint.collecting import Collector
from dslint.config import ConfigError
from dslint.findings import Finding
from dslint.interrupts import by_user
from dslint.loader import said_by
from dslint.ruledef import Rule

MOST = 10_000  # findings of one rule in one line
MOST_IN_SET = 1_000_000  # and in one group, file or set
MOST_FAILURES = 100  # failures of one rule after which it is not asked again


class NotAsked(Exception):
    """A rule has failed so often that it is left out from here on; there is nothing more to report."""


class _Fence:
    """Asks one rule's functions, and counts how often that failed."""

    def __init__(self, rule: Rule) -> None:
        self.rule, self.failures = rule, 0
        self.process, self.folder = os.getpid(), os.getcwd()

    def asked(self, work: Callable[[], Any], subject: Any) -> Any:
        """What the work gives. Raises RuleFault, or what a user's own Ctrl-C raises."""
        if self.failures >= MOST_FAILURES:
            raise NotAsked
        source, line = place_of(subject)
        watch.announce(f"{self.rule.code} {self.rule.name}", source, line)
        try:
            return work()
        except BaseException as error:  # a rule may raise anything, and exit
            if by_user(error) and not watch.watched():
                raise  # that is the user's
            raise self._failed(error) from None
        finally:
            if os.getpid() != self.process:
                os._exit(1)  # a copy that the rule made of this process has no business in what follows
            os.chdir(self.folder)
            watch.announce("", source, line)

    def _failed(self, error: BaseException) -> Exception:
        """What to raise instead: an error of a usual kind as it is, unless to report it would raise another."""
        self.failures += 1
        last = "; not asked again" if self.failures == MOST_FAILURES else ""
        if isinstance(error, Exception) and not isinstance(error, RuleFault) and not last and _printable(error):
            return error
        name = "" if isinstance(error, RuleFault) else f"{type(error).__name__}: "
        return RuleFault(f"{name}{said_by(error)}"[:150] + last)


def _printable(error: Exception) -> bool:
    try:
        return str(error) == said_by(error)
    except BaseException:  # its own `__str__` is a stranger's too
        return False


def _state(subject: Any) -> bytes:
    """What a rule could change of the data it is shown."""
    files = getattr(subject, "files", None)
    if files is not None:
        return marshal.dumps([len(subject.facts), [[file.source, file.lines, file.records] for file in files]], 2)
    data = getattr(subject, "data", None)
    return b"" if data is None else marshal.dumps([data, getattr(subject, "turns", None)], 2)


def _fenced_check(rule: Rule, fence: _Fence) -> Callable[..., list[Finding]]:
    most = MOST if rule.subject in ("line", "fault", "shape", "record", "message") else MOST_IN_SET
    inner = rule.check

    @wraps(inner)
    def check(subject: Any, **settings: Any) -> list[Finding]:
        def work() -> list[Finding]:
            before = _state(subject)
            own = list(subject) if type(subject) is list else subject  # others are shown the same group
            found = list(islice(many(inner(own, **settings)), most + 1))
            if len(found) > most:
                raise RuleFault(f"more than {most:,} findings at one place")
            if _state(subject) != before:
                raise RuleFault("changed the data that it was shown")
            return sound(found, subject, rule.subject) if found else found

        try:
            found: list[Finding] = fence.asked(work, subject)
        except NotAsked:
            return []
        return found

    return check


def _fenced_map(function: Callable[[Any], Any], fence: _Fence, kind: str) -> Callable[[Any], Any]:
    """A `group_by` or `count_by` whose answers are of the kind that is counted and compared."""

    @wraps(function)
    def mapped(subject: Any) -> Any:
        def work() -> list[Any]:
            before = _state(subject)
            answers = list(islice(_keys(function(subject)), MOST + 1))
            if len(answers) > MOST or not all(_is_key(answer, kind) for answer in answers):
                raise RuleFault(f"{kind} gave {_shown(answers, kind)}")
            if _state(subject) != before:
                raise RuleFault("changed the data that it was shown")
            return answers

        try:
            return fence.asked(work, subject)
        except NotAsked:
            return []

    return mapped


def _keys(answers: Any) -> Iterator[Any]:
    return iter(() if answers is None else answers)


def _is_key(answer: Any, kind: str) -> bool:
    if kind == "count_by":
        return type(answer) is str
    return type(answer) is tuple and len(answer) == 2 and all(type(part) is bytes for part in answer)


def _shown(answers: list[Any], kind: str) -> str:
    if len(answers) > MOST:
        return f"more than {MOST:,} keys"
    wanted = "str" if kind == "count_by" else "(bytes, bytes)"
    wrong = next(answer for answer in answers if not _is_key(answer, kind))
    return f"{type(wrong).__name__} instead of {wanted}"


def _fenced_question(rule: Rule, function: Callable[..., Any], fence: _Fence) -> Callable[[Any], bool]:
    """A gate or `unless`, with its options; one that fails is taken for no answer by those who ask."""
    inner = rule.bound(function)

    @wraps(function)
    def question(subject: Any) -> bool:
        return bool(fence.asked(lambda: inner(subject), subject))

    return question


def _fenced_fix(rule: Rule, function: Callable[..., Any], fence: _Fence) -> Callable[[Any], Any]:
    """A fix that gives what can be written, or ends the run before anything is."""
    inner = rule.bound(function)

    def work(given: Any) -> Any:
        fixed = inner(given)
        if rule.subject == "fault":
            if fixed is not None and type(fixed) is not bytes:
                raise RuleFault(f"gave {type(fixed).__name__} instead of a line")
        elif fixed is not None:
            if type(fixed) is not dict:
                raise RuleFault(f"gave {type(fixed).__name__} instead of a record")
            json.dumps(fixed, allow_nan=False, ensure_ascii=False).encode()
        return fixed

    @wraps(function)
    def fix(given: Any) -> Any:
        try:
            return fence.asked(lambda: work(given), given)
        except Exception as error:  # a stranger's fix may raise anything
            raise ConfigError(f"the fix of {rule.name} failed, its file stays as it is: {said_by(error)}") from None

    return fix


def fenced(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, options set, those of strangers behind a fence; a `group_by` that several share stays shared."""
    shared: dict[int, Callable[[Any], Any]] = {}
    home = str(loader.builtin()) + os.sep
    return [_fenced(rule, shared) if _strange(rule, home) else rule for rule in rules]


def _strange(rule: Rule, home: str) -> bool:
    """Whether the rule is code that dslint does not come with; rules written as data are not code."""
    return not rule.origin.startswith(home) and not _ours(rule.check)


def _fenced(rule: Rule, shared: dict[int, Callable[[Any], Any]]) -> Rule:
    fence = _Fence(rule)
    changes: dict[str, Any] = {"check": _fenced_check(rule, fence)}
    for name in ("group_by", "count_by", "gate", "unless", "fix"):
        function = getattr(rule, name)
        if not callable(function) or _ours(function):
            continue
        if name == "fix":
            changes[name] = _fenced_fix(rule, function, fence)
        elif name in ("gate", "unless"):
            changes[name] = _fenced_question(rule, function, fence)
        else:
            changes[name] = shared.setdefault(id(function), _fenced_map(function, fence, name))
    return replace(rule, **changes)


@cache
def _home() -> str:
    return os.path.dirname(os.path.abspath(__file__)) + os.sep


def _ours(function: Callable[..., Any]) -> bool:
    """Whether a function is part of dslint itself, which rules may use as theirs."""
    made_of = function.columns if isinstance(function, Collector) else function
    code = getattr(made_of, "__code__", None)
    return code is not None and os.path.abspath(code.co_filename).startswith(_home())
