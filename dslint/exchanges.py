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
PLAIN_KEYS = 2  # of a turn that has nothing but a role and a text


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


def _context(turns: Sequence[Turn], record: Record) -> bytes:
    beside = _beside(turns, record) if len(record.data) > 1 else {}
    # Of each turn 16 bytes, so that no two contexts meet.
    return _digest(b"".join(map(_turn, turns)) + (canonical(beside) if beside else b""))


@lru_cache(maxsize=256)  # most records of a set have one system prompt before their question
def _digest(before: bytes) -> bytes:
    return digest(before) if before else BARE


def _with_media(context: bytes, media: list[Any]) -> bytes:
    """The context of a question that is asked of images."""
    return digest(context + digest(media)) if media else context


def _beside(turns: Sequence[Turn], record: Record) -> dict[str, Any]:
    data = record.data
    beside: dict[str, Any] = {key: data[key] for key in BESIDE if data.get(key)}
    if record.tools_at.startswith("/input/"):
        beside["tools"] = record.tools
    if data.get("system") and not (turns and role_of(turns[0]) == "system"):
        beside["system"] = data["system"]
    return beside


def _plain(turn: Turn) -> bool:
    """Whether the turn has nothing but a role and a text, as most have."""
    return len(turn) == PLAIN_KEYS and type(turn.get("content")) is str


def _turn(turn: Turn) -> bytes:
    role, text = turn.get("role"), text_of(turn)
    remembered = _said if len(text) <= REPEATED_CHARS else _said.__wrapped__
    said = remembered(role if type(role) is str else "", text)
    if _plain(turn):
        return said
    calls, media = _calls(turn), _media(turn)
    return digest(said + canonical([calls, media])) if calls or media else said


@lru_cache(maxsize=256)
def _said(role: str, text: str) -> bytes:
    return digest(f"{canonical_role(role)}\0{fold(text)}".encode("utf-8", "replace"))


def _media(turn: Turn) -> list[Any]:
    content = turn.get("content")
    parts = content if isinstance(content, list) else []
    shown = [part for part in parts if isinstance(part, dict) and part.get("type") != "text"]
    return shown + [turn[key] for key in MEDIA_KEYS if turn.get(key)]


class Exchange(NamedTuple):
    """One question and its answer, as compared with others.

    `context` is a digest of all that goes before the question (system prompt, history, tools, images),
    `question` the text of the last user turn, `answer` the completion folded, `shown` the completion as written,
    cut at SHOWN_CHARS characters, `label` whether it reads like a label; `asked_at` and `answered_at` are pointers
    to where question and answer stand in the record.
    """

    context: bytes
    question: str
    answer: str
    shown: str
    label: bool
    asked_at: str
    answered_at: str


def looks_like_label(text: str) -> bool:
    """A short answer on one line, as a classifier gives it."""
    if len(text) > LABEL_CHARS or "\n" in text:
        return False
    words = len(text.split())
    return words <= LABEL_WORDS and (words > 1 or len(text) <= UNSPACED_CHARS or text.isascii())


@lru_cache(maxsize=1)  # question and text are asked for one after the other
def exchange(record: Record) -> Exchange | None:
    """The last question with its answer; None where nothing is asked, answered or trained.

    Of a reference file the question alone will do, whatever a layout trains.
    """
    if record.file_role == REFERENCE:
        return _asked(record)
    places = _places(record.kinds) if record.layout.trains in COMPARED else ()
    if not places or places[-1][0] < 0:
        return None
    at, place = places[-1]
    asked = record.turns[at]
    before = [turn for turn in record.turns[:place] if turn is not asked and type(turn) is dict]
    return _exchange(_context(before, record), at, place, record)


@lru_cache(maxsize=1_000)  # a set has few shapes
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
    question, said = text_of(asked), text_of(answer)
    calls = "" if _plain(answer) else _calls(answer)
    remembered = _short if len(said) <= LABEL_CHARS and not calls else _short.__wrapped__
    folded, shown, label = remembered(said, calls)
    if not shown or not question.strip():
        return None
    return Exchange(
        context if _plain(asked) else _with_media(context, _media(asked)),
        question,
        folded,
        shown,
        label,
        record.pointer(at, "content"),
        record.pointer(place, "content"),
    )


@lru_cache(maxsize=256)  # a set has few labels
def _short(said: str, calls: str) -> tuple[str, str, bool]:
    """An answer folded, as it is shown, and whether it reads like a label."""
    written = said.strip() or calls
    return fold(said) + calls, written[:SHOWN_CHARS], looks_like_label(written)


def earlier(record: Record) -> Iterable[Exchange]:
    """Each trained answer before the last one, with its question."""
    places = _places(record.kinds) if record.layout.trains == "sft" else ()
    return _earlier(record, places) if len(places) > 1 else ()


def _earlier(record: Record, places: Sequence[tuple[int, int]]) -> Iterator[Exchange]:
    turns = [turn if type(turn) is dict else {} for turn in record.turns]
    digests = [_turn(turn) if turn else b"" for turn in turns]
    around = _beside(turns, record)
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
    media = _media(asked.data)
    context = _with_media(_context([turn.data for turn, _ in turns], record), media)
    answer = record.completion.text.strip() if record.completion is not None else ""
    shown, label = answer[:SHOWN_CHARS], looks_like_label(answer)
    return Exchange(context, asked.text, fold(answer), shown, label, asked_at, "")


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
