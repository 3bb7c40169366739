"""Lines of one file to findings and facts: the loop that every line goes through.

In this order: decode once, look up the shape in a memo, ask the gates in bulk, and only then build views and run
checks. A line that costs more than that has something to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jiter import from_json

from dslint.dataset import File
from dslint.decode import BOM, FaultAt, decode, end_faults, line_faults, overflows
from dslint.engine import Mapped, Plan, empty, run
from dslint.findings import Finding, Where
from dslint.gates import Gates
from dslint.gathering import Gathering
from dslint.layouts import Layout, Pointer, telling_keys
from dslint.precise import Fault
from dslint.records import Arguments, Line, Message, Record, arguments_of, text_of
from dslint.ruledef import Rule
from dslint.shapes import TurnKey, turn_key
from dslint.sources import MAX_LINE
from dslint.tooldefs import REMEMBERED, Tools, stated_last, tools
from dslint.verdicts import MEMO_LIMIT, Looks, Verdict, Verdicts, looks, wanted


class Mapper:
    """Maps lines of one file. `layout` is the layout of every record, None to tell it from the keys of each."""

    def __init__(self, plan: Plan, file: File, *, layout: Layout | None = None) -> None:
        self.plan, self.file = plan, file
        self.out = empty(plan, file)
        self.verdicts = Verdicts(plan, self.out, layout)
        self.gates = Gates(plan.gated_message) if plan.gated_message else None
        self.always_look, self.collects = bool(plan.each_message or plan.each_record), bool(plan.collectors)
        self.gathering = Gathering(plan, self.out)
        self.by_size: dict[int, Looks] = {}
        self.let_in_by_tools = lru_cache(REMEMBERED)(self._let_in_by_tools)

    def map(self, lines: Iterable[bytes]) -> Mapped:
        """What all lines give, each with its line feed, in file order."""
        self.read(lines)
        return self.finish()

    def read(self, lines: Iterable[bytes]) -> None:
        """Look at each line; what getting one raises is raised."""
        number, line_rules = 0, self.plan.lines
        try:
            for number, raw in enumerate(lines, 1):
                try:
                    data = from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
                except ValueError:
                    data = None
                if type(data) is dict and len(raw) <= MAX_LINE:
                    self._record(data, raw, number)
                else:
                    self._broken(raw, number)
                if raw[-2:] != b"}\n":
                    self._line_end(raw, number)
                for rule in line_rules:
                    self._run(rule, Line(raw.removesuffix(b"\n"), self.file.source, number), number)
        finally:
            self.file.lines = number

    def finish(self) -> Mapped:
        """What the lines gave, up to the last that could be read."""
        self._flush()
        self.gathering.finish()
        self.verdicts.count()
        self.out.facts.close(self.file.source, self.file.role)
        return self.out

    def _record(self, data: dict[str, Any], raw: bytes, number: int) -> None:
        keys = tuple(data)
        known = self.verdicts.known.get(keys) or self.verdicts.of_keys(keys, number)
        if known.layout.trains == "reinforcement":
            known = self.verdicts.of_keys(telling_keys(data), number)
        layout = known.layout
        shape: list[TurnKey] = []
        texts: list[str] = []
        called: list[str] = []
        plain = len(keys) == 1
        messages = layout.messages(data)
        for message in messages:
            if type(message) is dict and len(message) == 2:
                role, content = message.get("role"), message.get("content")
                if type(role) is str and type(content) is str and content and not content.isspace():
                    shape.append(role)
                    texts.append(content)
                    continue
            plain = False
            shape.append(turn_key(message))
            if type(message) is dict:
                texts.append(text_of(message))
                if "tool_calls" in message or "function_call" in message:
                    called += [text for _, text in arguments_of(message)]
        if not plain and overflows(_unknown(data, raw)):
            for fault in line_faults(raw.removesuffix(b"\n")):
                self._fault(fault, number)
            return
        turns = tuple(shape)
        verdict = known.shapes.get(turns)
        if verdict is None:
            verdict = self.verdicts.judge(turns, keys, known, number)
        verdict.times += 1
        if verdict.findings:
            self._replay(verdict.findings, layout.pointers(data), number)
        for rule, count, tally in verdict.text_counters:
            try:
                for key in count(texts):
                    tally.add(key, number)
            except Exception as error:  # the map step of a rule may be a stranger's code too
                self.verdicts.crashed(rule, error, number)
        long = self.by_size.get(len(raw)) if self.plan.sized_record else []
        if long is None:
            long = self._let_in_by_size(len(raw))
        others = wanted(long, texts) if long else []
        looked = self.always_look or verdict.looks or verdict.defines or verdict.counters or others
        if looked or self.collects:
            record = self._view(data, raw, number, layout, turns, messages)
            if looked:
                self._look(record, verdict, others)
            if self.collects:
                self.gathering.add(record)
        if self.gates is not None:
            if called:
                texts += called
            if self.gates.add(texts, data, raw, number, layout, verdict.prompted):
                self._flush()

    def _let_in_by_size(self, line_bytes: int) -> Looks:
        """The record rules that want to see a line of this size; sizes repeat, so each is asked about once."""
        if len(self.by_size) >= MEMO_LIMIT:
            self.by_size.clear()
        self.by_size[line_bytes] = looks(
            gated.rule for gated in self.plan.sized_record if gated.lets_in(line_bytes)
        )
        return self.by_size[line_bytes]

    def _let_in_by_tools(self, defined: Tools) -> list[Rule]:
        """The record rules that want to see a record with these tools."""
        return [gated.rule for gated in self.plan.tools_record if gated.lets_in(defined)]

    def _look(self, record: Record, verdict: Verdict, others: Iterable[Rule]) -> None:
        """Show the record to the rules that its shape lets in, to others, and to those that see every record."""
        defined = self.let_in_by_tools(tools(record)) if verdict.defines else ()
        let_in = wanted(verdict.looks, record) if verdict.looks else ()
        for rule in (*let_in, *defined, *others, *self.plan.each_record):
            self.out.findings += run(rule, record, record.where, self.out.crashes)
        for rule in self.plan.each_message:
            for message in (*record.messages, *record.beside):
                self._run(rule, message, record.line)
        for rule, _, place in verdict.counters:
            for key in self.verdicts.keys_of(rule, record, record.line):
                self.out.tallies[place].add(key, record.line)
        record.release()

    def _replay(self, findings: Iterable[Finding], pointer: Pointer, number: int) -> None:
        for finding in findings:
            place = finding.where.pointer
            if place.startswith("@"):
                at = f"/{place[1:]}"
            elif place:
                turn, key = place[1:].split("/", 1)
                at = pointer(int(turn), key)
            else:
                at = pointer(None, "")
            self.out.findings.append(finding._replace(where=Where(self.file.source, number, at)))

    def _view(
        self,
        data: Mapping[str, Any],
        raw: bytes,
        number: int,
        layout: Layout,
        kinds: tuple[TurnKey, ...] | None = None,
        turns: list[Any] | None = None,
    ) -> Record:
        file, line = self.file, raw.removesuffix(b"\n")
        return Record(data, line, file.source, number, layout, file.role, kinds, turns)

    def _flush(self) -> None:
        if self.gates is None:
            return
        seen: dict[int, tuple[Record, list[Message | Arguments]]] = {}
        for rule, hit in self.gates.hits():
            if hit.line not in seen:
                record = self._view(decode(hit.raw.removeprefix(BOM)) or {}, hit.raw, hit.line, hit.layout)
                seen[hit.line] = record, [*record.messages, *record.arguments, *record.beside]
            subject = seen[hit.line][1][hit.turn]
            if rule.reads_arguments or not isinstance(subject, Arguments):
                self._run(rule, subject, hit.line)
        for record, _ in seen.values():
            record.release()
        self.gates.clear()

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


def _unknown(data: dict[str, Any], raw: bytes) -> Any:
    """What of a record has not been looked at before: a known list of tools is left out."""
    return data if stated_last(data, raw) is None else [*data.values()][:-1]
