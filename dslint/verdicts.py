"""What rules say of shapes, remembered: a shape is judged once, its verdict replayed for every record of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from dslint.dataset import Tally
from dslint.engine import Crash, Gated, Mapped, Plan, asked, run
from dslint.findings import Finding, Where
from dslint.layouts import Layout, detect
from dslint.ruledef import CountBy, Rule
from dslint.shapes import TurnKey, shape_of
from dslint.tooldefs import has_tools

SYSTEM: Any = (("system",), ("developer",))
MEMO_LIMIT = 20_000  # key sets and shapes kept, so that hostile data cannot fill the memory with them


Looks = list[tuple[Callable[[Any], bool] | None, list[Rule]]]  # rules, by what must not hold


def looks(rules: Iterable[Rule]) -> Looks:
    """Record rules by their `unless` with its options, so that each is asked once."""
    by_question: dict[Callable[[Any], bool] | None, list[Rule]] = {}
    for rule in rules:
        by_question.setdefault(rule.bound(rule.unless) if rule.unless else None, []).append(rule)
    return list(by_question.items())


def wanted(found: Looks, subject: Any) -> list[Rule]:
    """The rules that must look after all, having asked about the record, or about its texts."""
    return [
        rule for unless, rules in found if unless is None or not asked(unless, subject, False) for rule in rules
    ]


class Verdict:
    """What is remembered of a shape: findings, record rules that must look, what to count, how often it came."""

    __slots__ = (
        "counted",
        "counters",
        "defines",
        "findings",
        "first",
        "looks",
        "prompted",
        "text_counters",
        "times",
    )

    def __init__(self, line: int) -> None:
        self.findings: list[Finding] = []
        self.looks: Looks = []
        self.counted: list[tuple[int, str]] = []
        self.counters: list[Gated] = []
        self.text_counters: list[tuple[Rule, CountBy, Tally]] = []
        self.times, self.first = 0, line
        self.defines = self.prompted = False


class Known:
    """What is remembered of records with the same keys: their layout and their shapes."""

    __slots__ = ("layout", "shapes")

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.shapes: dict[tuple[TurnKey, ...], Verdict] = {}


class Verdicts:
    """The memo of one file; `layout` is the layout of every record, None to tell it from the keys of each."""

    def __init__(self, plan: Plan, out: Mapped, layout: Layout | None) -> None:
        self.plan, self.out, self.layout = plan, out, layout
        self.known: dict[tuple[str, ...], Known] = {}

    def of_keys(self, keys: tuple[str, ...], line: int) -> Known:
        """What is known of records with these keys."""
        known = self.known.get(keys)
        if known is None:
            if len(self.known) >= MEMO_LIMIT:
                self.count()
            known = self.known[keys] = Known(self.layout or detect(keys))
            self.out.file.first.setdefault(known.layout.name, line)
        return known

    def judge(self, turns: tuple[TurnKey, ...], keys: tuple[str, ...], known: Known, line: int) -> Verdict:
        """Look at a shape for the first time."""
        if len(known.shapes) >= MEMO_LIMIT:
            self._count_shapes(known)
        shape = shape_of(turns, known.layout.trains, keys, known.layout.name)
        place = Where(self.out.file.source, line)
        verdict = known.shapes[turns] = Verdict(line)
        for rule in self.plan.shapes:
            verdict.findings += run(rule, shape, place, self.out.crashes)
        verdict.looks = looks(gated.rule for gated in self.plan.shaped_record if gated.lets_in(shape))
        verdict.prompted = turns[:1] in SYSTEM
        verdict.defines = bool(self.plan.tools_record) and has_tools(shape)
        for rule, lets_in, place_among in self.plan.shape_counters:
            if lets_in(shape):
                verdict.counted += [(place_among, key) for key in self.keys_of(rule, shape, line)]
        verdict.counters = [gated for gated in self.plan.record_counters if gated.lets_in(shape)]
        verdict.text_counters = [
            (rule, rule.count_by, self.out.tallies[place])
            for rule, lets_in, place in self.plan.text_counters
            if rule.count_by and lets_in(shape)
        ]
        return verdict

    def keys_of(self, rule: Rule, subject: Any, line: int) -> Collection[str]:
        """What a tally rule counts in a shape, in a record or in the texts of one."""
        try:
            keys = rule.count_by(subject)  # type: ignore[misc]  # a tally rule has it
            return keys if type(keys) is tuple else list(keys)
        except Exception as error:  # the map step of a rule may be a stranger's code too
            self.crashed(rule, error, line)
            return ()

    def crashed(self, rule: Rule, error: Exception, line: int) -> None:
        """Report a rule whose map step raised."""
        place = Where(self.out.file.source, line)
        self.out.crashes.append(Crash(rule.code, rule.name, place, f"{type(error).__name__}: {error}"[:200]))

    def count(self) -> None:
        """Add what is remembered to the counts of the file, and forget it."""
        for known in self.known.values():
            self._count_shapes(known)
        self.known.clear()

    def _count_shapes(self, known: Known) -> None:
        file = self.out.file
        for verdict in known.shapes.values():
            if verdict.times:
                file.records += verdict.times
                file.layouts[known.layout.name] += verdict.times
            for place, key in verdict.counted:
                self.out.tallies[place].add(key, verdict.first, verdict.times)
        known.shapes.clear()
