"""The two answers of a preference pair, whatever the layout calls them."""

from __future__ import annotations

from typing import Any, NamedTuple

from dslint.layouts.placed import said
from dslint.layouts.preference import sides as side_keys
from dslint.records import Message, Record, canonical
from dslint.shapes import Shape

# Where ms-swift and LLaMA-Factory keep the answer to prefer when the key of the other one stands alone.
PREFERRED = ("messages", "response", "output", "answer")


class Side(NamedTuple):
    """One answer: the key it stands under, what stands there (None when nothing does), and its turns.

    `key` is "messages" where the conversation itself ends with the answer to prefer.
    """

    key: str
    value: Any
    present: bool
    turns: tuple[Message, ...]

    @property
    def pointer(self) -> str:
        """Where it stands, the record itself when it is missing."""
        return f"/{self.key}" if self.present else ""

    @property
    def text(self) -> str:
        """The text of all its turns."""
        return "\n".join(turn.text for turn in self.turns)

    @property
    def blank(self) -> bool:
        """Whether it neither says nor calls anything."""
        return not any(turn.text.strip() or turn.tool_calls or _media(turn) for turn in self.turns)


class Pair(NamedTuple):
    """The answer to prefer and the one to reject, without the turns that both have in front."""

    chosen: Side
    rejected: Side


def is_preference(shape: Shape) -> bool:
    """Whether the record is a preference pair: a gate for rules that look into one."""
    return shape.layout == "preference"


def _media(turn: Message) -> list[Any]:
    return [part for part in turn.parts if not isinstance(part, dict) or part.get("type") != "text"]


def said_by(turn: Message) -> bytes:
    """What a turn says and calls; equal turns have equal bytes."""
    return canonical([turn.role, turn.text.strip(), turn.tool_calls, _media(turn)])


def _side(record: Record, key: str) -> Side:
    value = record.data.get(key)
    placed = enumerate(said(value, "assistant", f"/{key}")) if key in record.data else ()
    turns = [Message(record, place, one.turn) for place, one in placed if isinstance(one.turn, dict)]
    return Side(key, value, key in record.data, tuple(turns))


def whole_sides(record: Record) -> Pair:
    """Both answers as they stand, with the turns they begin with."""
    preferred, rejected = side_keys(record.data)
    if not preferred:
        preferred = next((key for key in PREFERRED if key in record.data), "messages")
    return Pair(_side(record, preferred), _side(record, rejected))


def sides(record: Record) -> Pair:
    """The two answers alone: of whole conversations, what follows the turns that both have in front."""
    chosen, rejected = whole_sides(record)
    if chosen.key == "messages" and rejected.key == "rejected_response":
        last = chosen.turns[-1:]
        return Pair(chosen._replace(turns=last if last and last[0].role == "assistant" else ()), rejected)
    shared = _shared(chosen, rejected)
    return Pair(chosen._replace(turns=chosen.turns[shared:]), rejected._replace(turns=rejected.turns[shared:]))


def _shared(chosen: Side, rejected: Side) -> int:
    """How many turns both sides have in front, never the last one of either."""
    limit = min(len(chosen.turns), len(rejected.turns)) - 1
    count = 0
    while count < limit and said_by(chosen.turns[count]) == said_by(rejected.turns[count]):
        count += 1
    return count
