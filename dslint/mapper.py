"""Lines of one file to findings and facts: the loop that every line goes through.

In this order: decode once, look up the shape in a memo, ask the gates in bulk, and only then build views and run
checks. A line that costs more than that has something to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from jiter import from_json

from dslint.dataset import File
from dslint.decode import BOM, FaultAt, decode, end_faults, line_faults, overflows
from dslint.engine import Crash, Mapped, Plan, empty, run
from dslint.findings import Fact, Finding, Where
from dslint.gates import Chunk
from dslint.layouts import Layout, detect
from dslint.precise import Fault
from dslint.records import Line, Record
from dslint.ruledef import CountBy, GroupBy, Rule
from dslint.shapes import TurnKey, shape_of, turn_key
from dslint.sources import MAX_LINE

MEMO_LIMIT = 20_000  # key sets and shapes kept, so that hostile data cannot fill the memory with them


class Verdict:
    """What is remembered of a shape: what the rules say, which record rules must look, what to count, how often."""

    __slots__ = ("counted", "findings", "first", "looks", "times")

    def __init__(
        self, findings: list[Finding], looks: list[Rule], counted: list[tuple[int, str]], line: int
    ) -> None:
        self.findings, self.looks, self.counted = findings, looks, counted
        self.times, self.first = 0, line


class Known:
    """What is remembered of records with the same keys: their layout and their shapes."""

    __slots__ = ("layout", "shapes")

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.shapes: dict[tuple[TurnKey, ...], Verdict] = {}


class Mapper:
    """Maps lines of one file; `bulk` asks the gates, which pays from a few megabytes.

    `layout` is the layout of every record, None to tell it from the keys of each.
    """

    def __init__(self, plan: Plan, file: File, *, bulk: bool = False, layout: Layout | None = None) -> None:
        self.plan, self.file, self.layout = plan, file, layout
        self.out = empty(plan, file)
        self.chunk = Chunk(plan.messages) if bulk and plan.messages else None
        gated = self.chunk.rules if self.chunk else []
        self.each_message = [rule for rule in plan.messages if rule not in gated]
        self.always_look = bool(
            plan.collectors or self.each_message or plan.each_record or gated or plan.record_counters
        )
        self.sized_record = [
            (partial(cast(Callable[..., bool], rule.gate), **rule.settings), rule) for rule in plan.sized_record
        ]
        self.known: dict[tuple[str, ...], Known] = {}

    def map(self, lines: Iterable[bytes]) -> Mapped:
        """Read lines, each with its line feed, in file order."""
        number = 0
        for number, raw in enumerate(lines, 1):
            try:
                data = from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
            except ValueError:
                data = None
            if type(data) is dict and len(raw) <= MAX_LINE:
                self._record(data, raw, number)
            else:
                self._broken(raw, number)
            if raw[-2:] == b"\r\n" or raw[-1:] != b"\n":
                self._line_end(raw, number)
            for rule in self.plan.lines:
                self._run(rule, Line(raw.removesuffix(b"\n"), self.file.source, number), number)
        self._flush()
        self._count()
        self.file.lines = number
        return self.out

    def _record(self, data: dict[str, Any], raw: bytes, number: int) -> None:
        keys = tuple(data)
        known = self.known.get(keys)
        if known is None:
            known = self._first_with(keys, number)
        layout = known.layout
        shape: list[TurnKey] = []
        plain = len(keys) == 1
        for message in layout.messages(data):
            if type(message) is dict and len(message) == 2:
                role, content = message.get("role"), message.get("content")
                if type(role) is str and type(content) is str and content and not content.isspace():
                    shape.append(role)
                    continue
            plain = False
            shape.append(turn_key(message))
        if not plain and overflows(data):
            for fault in line_faults(raw.removesuffix(b"\n")):
                self._fault(fault, number)
            return
        turns = tuple(shape)
        verdict = known.shapes.get(turns)
        if verdict is None:
            verdict = self._judge_shape(turns, keys, known, number)
        verdict.times += 1
        for finding in verdict.findings:
            self._replay(finding, data, layout, number)
        for rule in verdict.looks:
            self._run(rule, self._view(data, raw, number, layout), number)
        if self.always_look:
            self._look(data, raw, number, layout)
        for gate, rule in self.sized_record:
            if _lets_in(gate, len(raw)):
                self._run(rule, self._view(data, raw, number, layout), number)

    def _first_with(self, keys: tuple[str, ...], number: int) -> Known:
        if len(self.known) >= MEMO_LIMIT:
            self._count()
        known = self.known[keys] = Known(self.layout or detect(keys))
        self.file.first.setdefault(known.layout.name, number)
        return known

    def _count(self) -> None:
        for known in self.known.values():
            self._count_shapes(known)
        self.known.clear()

    def _count_shapes(self, known: Known) -> None:
        for verdict in known.shapes.values():
            if verdict.times:
                self.file.records += verdict.times
                self.file.layouts[known.layout.name] += verdict.times
            for place, key in verdict.counted:
                self.out.tallies[place].add(key, verdict.first, verdict.times)
        known.shapes.clear()

    def _judge_shape(self, turns: tuple[TurnKey, ...], keys: tuple[str, ...], known: Known, number: int) -> Verdict:
        if len(known.shapes) >= MEMO_LIMIT:
            self._count_shapes(known)
        shape = shape_of(turns, known.layout.trains, keys, known.layout.name)
        place = Where(self.file.source, number)
        findings = [found for rule in self.plan.shapes for found in run(rule, shape, place, self.out.crashes)]
        looks = [rule for rule in self.plan.shaped_record if _lets_in(rule.gate, shape)]
        counted = [
            (index, key) for index, rule in self.plan.shape_counters for key in self._keys(rule, shape, place)
        ]
        verdict = known.shapes[turns] = Verdict(findings, looks, counted, number)
        return verdict

    def _keys(self, rule: Rule, subject: Any, place: Where) -> list[str]:
        try:
            return list(cast(CountBy, rule.count_by)(subject))
        except Exception as error:  # the map step of a rule may be a stranger's code too
            self.out.crashes.append(Crash(rule.code, rule.name, place, f"{type(error).__name__}: {error}"[:200]))
            return []

    def _replay(self, finding: Finding, data: dict[str, Any], layout: Layout, number: int) -> None:
        place = finding.where.pointer
        if place.startswith("@"):
            pointer = f"/{place[1:]}"
        elif place:
            turn, key = place[1:].split("/", 1)
            pointer = layout.pointer(data, int(turn), key)
        else:
            pointer = layout.pointer(data, None, "")
        self.out.findings.append(finding._replace(where=Where(self.file.source, number, pointer)))

    def _view(self, data: dict[str, Any], raw: bytes, number: int, layout: Layout) -> Record:
        line = raw.removesuffix(b"\n")
        return Record(data, raw=line, source=self.file.source, line=number, layout=layout, file_role=self.file.role)

    def _look(self, data: dict[str, Any], raw: bytes, number: int, layout: Layout) -> None:
        record = self._view(data, raw, number, layout)
        for rule in self.plan.each_record:
            self._run(rule, record, number)
        for rule in self.each_message:
            for message in (*record.messages, *record.beside):
                self._run(rule, message, number)
        for index, rule in self.plan.record_counters:
            for key in self._keys(rule, record, record.where):
                self.out.tallies[index].add(key, number)
        for collector, facts in zip(self.plan.collectors, self.out.facts, strict=True):
            facts.extend(self._facts(collector, record))
        if self.chunk is not None and self.chunk.add(record):
            self._flush()

    def _facts(self, collector: GroupBy, record: Record) -> list[Fact]:
        source, line, role = record.source, record.line, record.file_role
        try:
            return [Fact(source, line, role, key, value) for key, value in collector(record)]
        except Exception as error:  # the map step of a rule may be a stranger's code too
            name = getattr(collector, "__name__", "group_by")
            self.out.crashes.append(Crash("", name, record.where, f"{type(error).__name__}: {error}"[:200]))
            return []

    def _flush(self) -> None:
        if self.chunk is None:
            return
        for rule, message in self.chunk.hits():
            self._run(rule, message, message.record.line)
        self.chunk.clear()

    def _run(self, rule: Rule, subject: Any, number: int) -> None:
        self.out.findings += run(rule, subject, Where(self.file.source, number), self.out.crashes)

    def _broken(self, raw: bytes, number: int) -> None:
        if len(raw) > MAX_LINE:
            self._fault(Fault("long-line", 0, 1, f"over {MAX_LINE >> 20} MiB", ""), number)
            return
        line = raw.removesuffix(b"\n")
        faults = line_faults(line)
        for fault in faults:
            self._fault(fault, number)
        if {fault.kind for fault in faults} == {"byte-order-mark"}:
            data = decode(line.removeprefix(BOM))
            if data is not None:
                self._record(data, raw, number)

    def _line_end(self, raw: bytes, number: int) -> None:
        for fault in end_faults(raw):
            if fault.kind not in self.out.once:
                self.out.once[fault.kind] = self._fault_findings(fault, number)

    def _fault(self, fault: Fault, number: int) -> None:
        self.out.findings += self._fault_findings(fault, number)

    def _fault_findings(self, fault: Fault, number: int) -> list[Finding]:
        rule = self.plan.faults.get(fault.kind)
        if rule is None:
            return []
        place = Where(self.file.source, number)
        return run(rule, FaultAt(fault, self.file.source, number), place, self.out.crashes)


def _lets_in(gate: Any, subject: Any) -> bool:
    try:
        return bool(gate(subject))
    except Exception:  # a stranger's gate may raise anything; its check is the truth
        return True
