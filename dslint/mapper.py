"""Lines of one file to findings and facts: the loop that every line goes through.

In this order: decode once, look up the shape in a memo, ask the gates in bulk, and only then build views and run
checks. A line that costs more than that has something to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from jiter import from_json

from dslint.dataset import File
from dslint.decode import FaultAt, decode, end_faults, line_faults, overflows
from dslint.engine import Crash, Mapped, Plan, run
from dslint.findings import Fact, Finding, Where
from dslint.gates import Chunk
from dslint.layouts import Layout, detect, no_messages
from dslint.precise import Fault
from dslint.records import Line, Record
from dslint.ruledef import GroupBy, Rule
from dslint.shapes import TurnKey, shape_of, turn_key
from dslint.sources import MAX_LINE

MEMO_LIMIT = 20_000  # key sets and shapes kept, so that hostile data cannot fill the memory with them
BOM = b"\xef\xbb\xbf"

ShapeMemo = dict[tuple[TurnKey, ...], list[Finding]]


class Known:
    """What is remembered of records with the same keys: their layout, their shapes, how many there were."""

    __slots__ = ("count", "layout", "shapes")

    def __init__(self, layout: Layout) -> None:
        self.layout, self.count = layout, 0
        self.shapes: ShapeMemo = {}


class Mapper:
    """Maps lines of one file; `bulk` asks the gates, which pays from a few megabytes."""

    def __init__(self, plan: Plan, file: File, *, bulk: bool = False) -> None:
        self.plan, self.file = plan, file
        self.out = Mapped(file, facts=[[] for _ in plan.collectors])
        self.chunk = Chunk(plan.messages) if bulk and plan.messages else None
        gated = self.chunk.rules if self.chunk else []
        self.each_message = [rule for rule in plan.messages if rule not in gated]
        self.each_record = [rule for rule in plan.records if not callable(rule.gate)]
        self.sized_record = [
            (partial(rule.gate, **rule.settings), rule) for rule in plan.records if callable(rule.gate)
        ]
        self.always_look = bool(plan.collectors or self.each_message or self.each_record or gated)
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
        known.count += 1
        turns = tuple(shape)
        verdict = known.shapes.get(turns)
        if verdict is None:
            verdict = self._judge_shape(turns, known, number)
        for finding in verdict:
            self._replay(finding, data, layout, number)
        if self.always_look:
            self._look(data, raw, number, layout)
        for gate, rule in self.sized_record:
            try:
                wanted = gate(len(raw))
            except Exception:  # a stranger's gate may raise anything; its check is the truth
                wanted = True
            if wanted:
                self._run(rule, self._view(data, raw, number, layout), number)

    def _first_with(self, keys: tuple[str, ...], number: int) -> Known:
        if len(self.known) >= MEMO_LIMIT:
            self._count()
        known = self.known[keys] = Known(detect(keys))
        self.file.first.setdefault(known.layout.name, number)
        return known

    def _count(self) -> None:
        for known in self.known.values():
            self.file.records += known.count
            if known.count:
                self.file.layouts[known.layout.name] += known.count
        self.known.clear()

    def _judge_shape(self, turns: tuple[TurnKey, ...], known: Known, number: int) -> list[Finding]:
        if known.layout.messages is no_messages:
            return known.shapes.setdefault(turns, [])
        shape = shape_of(turns, known.layout.trains)
        place = Where(self.file.source, number)
        verdict = [found for rule in self.plan.shapes for found in run(rule, shape, place, self.out.crashes)]
        if len(known.shapes) < MEMO_LIMIT:
            known.shapes[turns] = verdict
        return verdict

    def _replay(self, finding: Finding, data: dict[str, Any], layout: Layout, number: int) -> None:
        index, key = None, ""
        if finding.where.pointer:
            turn, key = finding.where.pointer[1:].split("/", 1)
            index = int(turn)
        pointer = layout.pointer(data, index, key)
        self.out.findings.append(finding._replace(where=Where(self.file.source, number, pointer)))

    def _view(self, data: dict[str, Any], raw: bytes, number: int, layout: Layout) -> Record:
        line = raw.removesuffix(b"\n")
        return Record(data, raw=line, source=self.file.source, line=number, layout=layout, file_role=self.file.role)

    def _look(self, data: dict[str, Any], raw: bytes, number: int, layout: Layout) -> None:
        record = self._view(data, raw, number, layout)
        for rule in self.each_record:
            self._run(rule, record, number)
        for rule in self.each_message:
            for message in record.messages:
                self._run(rule, message, number)
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
