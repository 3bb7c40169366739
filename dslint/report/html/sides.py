"""Records that belong together, side by side: what was asked and answered, with the words marked that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dslint.decode import BOM, decode
from dslint.differences import aligned
from dslint.exchanges import Exchange, earlier, exchange
from dslint.findings import Finding, Where
from dslint.layouts import by_name
from dslint.locate import Located
from dslint.records import Record
from dslint.report import Report
from dslint.report.html.markup import code, tag, text
from dslint.report.text import place

SIDES = 3  # records that stand beside the first
LONGEST_LINE = 1 << 20  # characters of a record that is taken apart
KEPT = 8_000  # characters of a text that are compared
SHOWN = 900  # and shown
AROUND = 12  # equal words shown on either side of a difference
ALIKE = 60.0  # likeness of two questions, of 100, from which they are worth comparing


class Side(NamedTuple):
    """A record of a cluster: where it stands, the role of its file, what is asked and answered."""

    where: Where
    role: str
    asked: str
    answered: str

    def same(self, other: Side) -> bool:
        """Whether both say the same."""
        return self[2:] == other[2:]

    def alike(self, other: Side) -> bool:
        """Whether the questions have so much in common that reading them side by side tells something."""
        from rapidfuzz import fuzz

        ours, theirs = (text.casefold() for text in (self.asked, other.asked))
        return fuzz.token_sort_ratio(ours, theirs, score_cutoff=ALIKE) > 0


def side(located: Located, layout: str, role: str) -> Side | None:
    """What is asked and answered at a place; None where nothing is, or the record is huge."""
    if not located.text or len(located.text) > LONGEST_LINE:
        return None
    data = decode(located.text.encode("utf-8", "surrogateescape").removeprefix(BOM))
    if not isinstance(data, dict):
        return None
    record = Record(data, layout=by_name(layout), file_role=role)
    found = exchange(record)
    if found is None:
        return None
    at = located.finding.where.pointer
    found = next((one for one in (found, *earlier(record)) if at in (one.asked_at, one.answered_at)), found)
    return Side(located.finding.where, role, found.question[:KEPT], _answer(record, found)[:KEPT])


def _answer(record: Record, found: Exchange) -> str:
    """The answer as written, whole where it is text."""
    turns = (turn for turn in record.messages if record.pointer(turn.index, "content") == found.answered_at)
    return next((turn.text.strip() for turn in turns if turn.text.strip()), found.shown)


def sides_of(findings: Sequence[Finding], report: Report, roles: Mapping[str, str]) -> Mapping[Where, Side]:
    """What stands at the first related places of these findings; `roles` are those of the files."""
    wanted = {
        other.where: Finding(other.where, other.note, found.code, found.severity)
        for found in findings
        for other in found.related[:SIDES]
        if other.where.line
    }
    known = {}
    for located in report.located(sorted(wanted.values(), key=Finding.sort_key)):
        where = located.finding.where
        found = side(located, report.layout, roles.get(where.source, ""))
        if found is not None:
            known[where] = found
    return known


def cards(first: Side, others: Sequence[Side]) -> str:
    """The first record, and those beside it, with the words marked that differ; "" when there are no others."""
    if not others:
        return ""
    shown = [_card(first, others[0], ""), *(_card(other, first, "the same question") for other in others)]
    return tag("div", "\n", "\n".join(shown), class_="sides")


def _card(own: Side, other: Side, when_same: str) -> str:
    role = " " + tag("span", own.role, class_="role") if own.role else ""
    same = when_same and own.asked.split() == other.asked.split()
    asked = tag("i", when_same) if same else _marked(own.asked, other.asked)
    told = [tag("dt", "Question"), tag("dd", asked)]
    if own.answered or other.answered:
        told += [tag("dt", "Answer"), tag("dd", _marked(own.answered, other.answered) or tag("i", "none"))]
    return tag("div", tag("p", code(place(own.where), 400), role, class_="at"), tag("dl", *told), class_="card")


def _marked(own: str, other: str) -> str:
    """A text with the words marked that the other has not."""
    space, steps = aligned(own, other)
    room, shown = SHOWN, []
    for number, step in enumerate(steps):
        words = _beside(step.left, number > 0, number < len(steps) - 1) if step.same else step.left
        said = space.join(words)
        if said and room > 0:
            shown.append(text(said, room) if step.same else tag("mark", text(said, room)))
        room -= len(said)
    return space.join(shown) + ("" if room > 0 else " …")


def _beside(words: Sequence[str], after: bool, before: bool) -> Sequence[str]:
    head, tail = (AROUND if after else 0), (AROUND if before else 0)
    if len(words) <= head + tail + 1 or not (head or tail):
        return words
    return [*words[:head], "…", *words[len(words) - tail :]]
