"""The exchange in a record: its question, its answer, and what goes before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from dslint.contexts import beside_turns, calls_of, context, context_of, media_of, said_in, with_media, within
from dslint.findings import REFERENCE, escaped
from dslint.layouts.placed import said
from dslint.nfkc import fold
from dslint.records import Message, Record, role_of, text_of
from dslint.shapes import TurnKey, shape_of

# A label: what a classifier answers. Longer answers, or several lines, are prose.
LABEL_CHARS = 40
LABEL_WORDS = 5
UNSPACED_CHARS = 12  # of a label in a script that has no spaces: two or three words
COMPARED = ("sft", "reinforcement")  # pairs and KTO data answer a question twice by design
SHOWN_CHARS = 60
# Keys of a question that stands alone, as benchmarks have it.
ASKED = ("question", "prompt", "problem", "query", "instruction", "input")


class Exchange(NamedTuple):
    """One question and its answer, as compared with others.

    `context` is a digest of all that goes before the question (system prompt, history, tools, images),
    `question` the text of the last user turn, `said` what the completion says and `calls` its tool calls;
    `asked_at` and `answered_at` are pointers to where question and answer stand in the record.
    """

    context: bytes
    question: str
    said: str
    calls: str
    asked_at: str
    answered_at: str

    @property
    def answer(self) -> str:
        """The completion folded."""
        return fold(self.said) + self.calls

    @property
    def written(self) -> str:
        """The completion as written."""
        return self.said.strip() or self.calls

    @property
    def shown(self) -> str:
        """The same, cut at SHOWN_CHARS characters."""
        return self.written[:SHOWN_CHARS]

    @property
    def label(self) -> bool:
        """Whether the completion reads like a label."""
        return looks_like_label(self.written)


def looks_like_label(text: str) -> bool:
    """A short answer on one line, as a classifier gives it."""
    if len(text) > LABEL_CHARS or "\n" in text:
        return False
    words = len(text.split())
    return words <= LABEL_WORDS and (words > 1 or len(text) <= UNSPACED_CHARS or text.isascii())


def exchange(record: Record) -> Exchange | None:
    """The last question with its answer; None where nothing is asked, answered or trained.

    Of a reference file the question alone will do, whatever a layout trains.
    """
    if record.file_role == REFERENCE:
        return _asked(record)
    last = _last(record.kinds) if record.layout.trains in COMPARED else None
    if last is None:
        return None
    if last.plain and len(record.data) == 1:
        return _plain(record, last)
    before = [record.turns[place] for place in last.before]
    around = context_of(map(said_in, before), before[0] if before else {}, record)
    return _exchange(around, last.asked, last.answered, record)


def _plain(record: Record, last: Last) -> Exchange:
    """The same, sooner, of a conversation of which all turns have a role and a text and nothing else."""
    turns, pointer = record.turns, record.pointer
    return Exchange(
        within(record, last.roles, tuple([turns[place]["content"] for place in last.before])),
        turns[last.asked]["content"],
        turns[last.answered]["content"],
        "",
        pointer(last.asked, "content"),
        pointer(last.answered, "content"),
    )


class Last(NamedTuple):
    """Where the last question and its answer stand, the other turns before that answer and their roles.

    `plain` says that all of these turns have a role and a text and nothing else.
    """

    asked: int
    answered: int
    before: tuple[int, ...]
    roles: tuple[str, ...]
    plain: bool


@lru_cache(maxsize=1_000)  # a set has few shapes
def _last(kinds: tuple[TurnKey, ...]) -> Last | None:
    """The places of the last exchange, None where nothing is asked or trained."""
    asked, answered = (_places(kinds) or ((-1, -1),))[-1]
    if asked < 0:
        return None
    turns = shape_of(kinds, "").turns[:answered]
    before = tuple(turn.place for turn in turns if turn.object and turn.place != asked)
    plain = all(isinstance(kind, str) for kind in kinds[: answered + 1])
    return Last(asked, answered, before, tuple(f"{turns[place].written}" for place in before), plain)


@lru_cache(maxsize=1_000)
def _places(kinds: tuple[TurnKey, ...]) -> tuple[tuple[int, int], ...]:
    """Of each trained turn the place of the user's last turn before it, -1 where there is none, and its own."""
    found, at = [], -1
    for turn in shape_of(kinds, "").turns:
        if turn.trained:
            found.append((at, turn.place))
        elif turn.role == "user":
            at = turn.place
    return tuple(found)


def _exchange(around: bytes, at: int, place: int, record: Record) -> Exchange | None:
    """The question and the answer that stand at these places; None where either says nothing."""
    asked, answer = record.turns[at], record.turns[place]
    question, said, calls = text_of(asked), text_of(answer), calls_of(answer)
    if not question.strip() or not (said.strip() or calls):
        return None
    around, pointer = with_media(around, media_of(asked)), record.pointer
    return Exchange(around, question, said, calls, pointer(at, "content"), pointer(place, "content"))


def asks_again(kinds: tuple[TurnKey, ...]) -> bool:
    """Whether more than one turn is trained."""
    return len(_places(kinds)) > 1


def earlier(record: Record) -> Iterable[Exchange]:
    """Each trained answer before the last one, with its question."""
    several = record.layout.trains == "sft" and asks_again(record.kinds)
    return _earlier(record, _places(record.kinds)) if several else ()


def _earlier(record: Record, places: Sequence[tuple[int, int]]) -> Iterator[Exchange]:
    turns = [turn if type(turn) is dict else {} for turn in record.turns]
    digests = [said_in(turn) if turn else b"" for turn in turns]
    beside = beside_turns(turns[0], record)
    trained, at = {place for _, place in places[:-1]}, -1
    for place, turn in enumerate(turns[: places[-1][1]]):
        if place in trained:
            before = digests[:at] + digests[at + 1 : place]
            found = _exchange(context(b"".join(before) + beside), at, place, record) if at >= 0 else None
            if found is not None:
                yield found
        elif role_of(turn) == "user" and text_of(turn).strip():
            at = place


def _asked(record: Record) -> Exchange | None:
    """The last question of a reference file's record, from its turns or else a key that questions stand under."""
    turns = [(turn, record.pointer(turn.index, "content")) for turn in record.prompt]
    if not any(_is_question(turn) for turn, _ in turns):
        turns = list(_stated(record))
    place = max((place for place, (turn, _) in enumerate(turns) if _is_question(turn)), default=-1)
    if place < 0:
        return None
    asked, asked_at = turns.pop(place)
    before = [turn.data for turn, _ in turns]
    around = context_of(map(said_in, before), before[0] if before else {}, record)
    answer = record.completion.text.strip() if record.completion is not None else ""
    return Exchange(with_media(around, media_of(asked.data)), asked.text, answer, "", asked_at, "")


def _is_question(turn: Message) -> bool:
    return turn.role == "user" and bool(turn.text.strip())


def _stated(record: Record) -> Iterator[tuple[Message, str]]:
    """The turns, with their places, under the first key that questions stand under."""
    keys = {key.lower(): key for key in reversed(list(record.data))}
    key = next((keys[name] for name in ASKED if name in keys), "")
    more = record.data.get("input")
    for placed in said(record.data.get(key), "user", f"/{escaped(key)}"):
        if isinstance(placed.turn, dict):
            turn = Message(record, 0, placed.turn)
            if key == "instruction" and isinstance(more, str) and more:
                turn = Message(record, 0, {"role": "user", "content": f"{turn.text}\n{more}"})
            yield turn, placed.at("content")
