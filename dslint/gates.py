"""Gates: which turns a rule's pattern may match, asked of many turns and for all rules at once.

One pass over a block of texts says which patterns may match in it, for a twentieth of what a search per text and
pattern takes. Only a pattern that may match is asked for its texts, and only those see the rule's check.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dslint.layouts import Layout, nothing
from dslint.patterns import PatternSet
from dslint.records import text_of
from dslint.ruledef import Rule

BLOCK_BYTES = 15_000
LONG_PROMPT = 20_000  # characters; longer ones are not remembered
SILENT = (
    1_000  # system prompts remembered because no pattern matches in them: the same stands in record after record
)


class Hit(NamedTuple):
    """A record one of whose turns a rule must look at: `turn` counts turns that are objects."""

    raw: bytes
    line: int
    layout: Layout
    turn: int


class Gates:
    """Rules with patterns, and the texts that wait to be asked about.

    Lists of plain values, and bytes instead of decoded records: the garbage collector has nothing to look at.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.patterns = PatternSet([str(rule.gate) for rule in rules])
        self.silent: set[str] = set()
        self.clear()

    def clear(self) -> None:
        """Forget the texts."""
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.raws: list[bytes] = []
        self.lines: list[int] = []
        self.layouts: list[Layout] = []
        self.prompts: set[int] = set()
        self.size = 0

    def add(
        self, texts: list[str], data: Mapping[str, Any], raw: bytes, number: int, layout: Layout, prompted: bool
    ) -> bool:
        """Take in a record, the texts of its conversation being at hand; True when there is enough to ask about.

        `prompted` says that the first text is a system prompt.
        """
        if prompted:
            if texts[0] in self.silent:
                texts[0] = ""
            else:
                self.prompts.add(len(self.texts))
        self.starts.append(len(self.texts))
        self.raws.append(raw)
        self.lines.append(number)
        self.layouts.append(layout)
        self.texts += texts
        if layout.beside is not nothing:
            self.texts += [text_of(turn) for turn in layout.beside(data) if type(turn) is dict]
        self.size += len(raw)
        return self.size >= BLOCK_BYTES

    def hits(self) -> Iterator[tuple[Rule, Hit]]:
        """Rules and the turns they must look at, rule by rule."""
        for place, row in self.patterns.rows(self.texts):
            self.prompts.discard(row)
            yield self.rules[place], self._owner(row)
        if len(self.silent) < SILENT:
            self.silent.update(self.texts[row] for row in self.prompts if len(self.texts[row]) <= LONG_PROMPT)

    def _owner(self, row: int) -> Hit:
        """The record and turn that a text is from."""
        place = bisect_right(self.starts, row) - 1
        return Hit(self.raws[place], self.lines[place], self.layouts[place], row - self.starts[place])
