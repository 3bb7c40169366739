"""The exchange in a record: its question, its answer, and what goes before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from dslint.findings import REFERENCE, escaped
from dslint.layouts.placed import said
from dslint.nfkc import nfkc
from dslint.records import Message, Record, canonical, digest, role_of, text_of, tool_calls_of
from dslint.shapes import MEDIA_KEYS, TOOL_KEYS, TurnKey, canonical_role, shape_of

Turn = Mapping[str, Any]  # of a conversation, as it stands
# A label: what a classifier answers. Longer answers, or several lines, are prose.
LABEL_CHARS = 40
LABEL_WORDS = 5
UNSPACED_CHARS = 12  # of a label in a script that has no spaces: two or three words
COMPARED = ("sft", "reinforcement")  # pairs and KTO data answer a question twice by design
SHOWN_CHARS = 60
# Keys beside the turns that an answer may depend on, in one layout or another.
BESIDE = (*TOOL_KEYS, *MEDIA_KEYS, "history", "documents", "context")
# Keys of a question that stands alone, as benchmarks have it.
ASKED = ("question", "prompt", "problem", "query", "instruction", "input")
BARE = b""  # the context of a question that has none
REPEATED_CHARS = 20_000  # a longer text is no system prompt that stands in record after record


def fold(text: str) -> str:
    """The text without differences of case, Unicode form and white space; punctuation and digits stay."""
    folded = text.lower() if text.isascii() else nfkc(text).casefold()
    # That spaces are single is told sooner than it is brought about; no other white space is printable.
    single = folded.isprintable() and "  " not in folded and folded[:1] != " " != folded[-1:]
    return folded if single else " ".join(folded.split())


def _calls(turn: Turn) -> str:
    """The tool calls of a turn without their ids, which differ from run to run."""
    calls: list[Any] = [
        call.get("function", call) if isinstance(call, dict) else call for call in tool_calls_of(turn)
    ]
    return canonical(calls).decode() if calls else ""


def _context(said: Iterable[bytes], first: Turn, record: Record) -> bytes:
    """A digest of what is said before a question, 16 bytes of each turn, so that no two contexts meet."""
    beside = _beside(first, record) if len(record.data) > 1 else {}
    return _digest(b"".join(said) + (canonical(beside) if beside else b""))


def _digest(before: bytes) -> bytes:
    return digest(before) if before else BARE


def _with_media(context: bytes, media: list[Any]) -> bytes:
    """The context of a question that is asked of images."""
    return digest(context + digest(media)) if media else context


def _beside(first: Turn, record: Record) -> dict[str, Any]:
    """What stands beside the turns, the first of which is given, and may change the answer."""
    data = record.data
    beside: dict[str, Any] = {key: data[key] for key in BESIDE if data.get(key)}
    if record.tools_at.startswith("/input/"):
        beside["tools"] = record.tools
    if data.get("system") and role_of(first) != "system":
        beside["system"] = data["system"]
    return beside


def _turn(turn: Turn) -> bytes:
    role = turn.get("role")
    said = _said(role if type(role) is str else "", text_of(turn))
    calls, media = _calls(turn), _media(turn)
    return digest(said + canonical([calls, media])) if calls or media else said


def _said(role: str, text: str) -> bytes:
    remembered = _repeated if len(text) <= REPEATED_CHARS else _repeated.__wrapped__
    return remembered(role, text)


@lru_cache(maxsize=256)
def _repeated(role: str, text: str) -> bytes:
    return digest(f"{canonical_role(role)}\0{fold(text)}".encode("utf-8", "replace"))


def _media(turn: Turn) -> list[Any]:
    content = turn.get("content")
    parts = content if isinstance(content, list) else []
    shown = [part for part in parts if isinstance(part, dict) and part.get("type") != "text"]
    return shown + [turn[key] for key in MEDIA_KEYS if turn.get(key)]


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
    context = _context(map(_turn, before), before[0] if before else {}, record)
    return _exchange(context, last.asked, last.answered, record)


def _plain(record: Record, last: Last) -> Exchange:
    """The same, sooner, of a conversation of which all turns have a role and a text and nothing else."""
    turns, pointer = record.turns, record.pointer
    remembered = _within if len(record.raw) <= REPEATED_CHARS else _within.__wrapped__
    return Exchange(
        remembered(last.roles, tuple([turns[place]["content"] for place in last.before])),
        turns[last.asked]["content"],
        turns[last.answered]["content"],
        "",
        pointer(last.asked, "content"),
        pointer(last.answered, "content"),
    )


@lru_cache(maxsize=256)  # most records of a set have one system prompt before their question
def _within(roles: tuple[str, ...], texts: tuple[str, ...]) -> bytes:
    return _digest(b"".join(map(_said, roles, texts)))


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


def _exchange(context: bytes, at: int, place: int, record: Record) -> Exchange | None:
    """The question and the answer that stand at these places; None where either says nothing."""
    asked, answer = record.turns[at], record.turns[place]
    question, said, calls = text_of(asked), text_of(answer), _calls(answer)
    if not question.strip() or not (said.strip() or calls):
        return None
    within, pointer = _with_media(context, _media(asked)), record.pointer
    return Exchange(within, question, said, calls, pointer(at, "content"), pointer(place, "content"))


def asks_again(kinds: tuple[TurnKey, ...]) -> bool:
    """Whether more than one turn is trained."""
    return len(_places(kinds)) > 1


def earlier(record: Record) -> Iterable[Exchange]:
    """Each trained answer before the last one, with its question."""
    several = record.layout.trains == "sft" and asks_again(record.kinds)
    return _earlier(record, _places(record.kinds)) if several else ()


def _earlier(record: Record, places: Sequence[tuple[int, int]]) -> Iterator[Exchange]:
    turns = [turn if type(turn) is dict else {} for turn in record.turns]
    digests = [_turn(turn) if turn else b"" for turn in turns]
    around = _beside(turns[0], record)
    beside = canonical(around) if around else b""
    trained, at = {place for _, place in places[:-1]}, -1
    for place, turn in enumerate(turns[: places[-1][1]]):
        if place in trained:
            context = _digest(b"".join(digests[:at] + digests[at + 1 : place]) + beside) if at >= 0 else BARE
            found = _exchange(context, at, place, record) if at >= 0 else None
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
    media, before = _media(asked.data), [turn.data for turn, _ in turns]
    context = _with_media(_context([_turn(turn) for turn in before], before[0] if before else {}, record), media)
    answer = record.completion.text.strip() if record.completion is not None else ""
    return Exchange(context, asked.text, answer, "", asked_at, "")


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
