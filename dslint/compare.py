"""What of a record is compared with other records: the map step of duplicate, conflict and leakage rules."""

from __future__ import annotations

import marshal
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dslint.findings import REFERENCE, escaped
from dslint.layouts.placed import said
from dslint.records import Message, Record, canonical, digest
from dslint.shapes import MEDIA_KEYS, TOOL_KEYS

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
WRITTEN = 2  # the version of marshal's format: equal values have equal bytes


def fold(text: str) -> str:
    """The text without differences of case, Unicode form and white space; punctuation and digits stay."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _calls(message: Message) -> str:
    """The tool calls of a turn without their ids, which differ from run to run."""
    calls: list[Any] = [
        call.get("function", call) if isinstance(call, dict) else call for call in message.tool_calls
    ]
    return canonical(calls).decode() if calls else ""


def _context(messages: list[Message], record: Record) -> bytes:
    beside = _beside(messages, record) if len(record.data) > 1 else {}
    # Of each turn 16 bytes, so that no two contexts meet.
    return _digest(b"".join(map(_turn, messages)) + (canonical(beside) if beside else b""))


def _digest(before: bytes) -> bytes:
    return digest(before) if before else BARE


def _beside(messages: list[Message], record: Record) -> dict[str, Any]:
    data = record.data
    beside: dict[str, Any] = {key: data[key] for key in BESIDE if data.get(key)}
    if record.tools_at.startswith("/input/"):
        beside["tools"] = record.tools
    if data.get("system") and not (messages and messages[0].role == "system"):
        beside["system"] = data["system"]
    return beside


def _plain(message: Message) -> bool:
    """Whether the turn has nothing but a role and a text, as most have."""
    return len(message.data) == PLAIN_KEYS and type(message.data.get("content")) is str


def _turn(message: Message) -> bytes:
    role, text = message.role, message.text
    said = _said(role, text) if len(text) <= REPEATED_CHARS else _said.__wrapped__(role, text)
    if _plain(message):
        return said
    calls, media = _calls(message), _media(message)
    return digest(said + canonical([calls, media])) if calls or media else said


@lru_cache(maxsize=256)
def _said(role: str, text: str) -> bytes:
    return digest(f"{role}\0{fold(text)}".encode("utf-8", "replace"))


def _media(message: Message) -> list[Any]:
    shown = [part for part in message.parts if isinstance(part, dict) and part.get("type") != "text"]
    return shown + [message.data[key] for key in MEDIA_KEYS if message.data.get(key)]


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
    words = len(text.split())
    most = LABEL_CHARS if words > 1 or text.isascii() else UNSPACED_CHARS
    return len(text) <= most and "\n" not in text and words <= LABEL_WORDS


@lru_cache(maxsize=1)  # question and text are asked for one after the other
def exchange(record: Record) -> Exchange | None:
    """The last question with its answer; None where nothing is asked, answered or trained.

    Of a reference file the question alone will do, whatever a layout trains.
    """
    if record.file_role == REFERENCE:
        return _asked(record)
    messages = record.messages if record.layout.trains in COMPARED else []
    place = len(messages) - 1
    while place >= 0 and not messages[place].trained:
        place -= 1
    asked_place = place - 1
    while asked_place >= 0 and messages[asked_place].role != "user":
        asked_place -= 1
    if asked_place < 0:
        return None
    answer, asked = messages[place], messages[asked_place]
    if not (answer.text.strip() or answer.tool_calls) or not asked.text.strip():
        return None
    media = [] if _plain(asked) else _media(asked)
    context = _context(messages[:asked_place] + messages[asked_place + 1 : place], record)
    return _exchange(context + (digest(media) if media else b""), asked, answer, record)


def _exchange(context: bytes, asked: Message, answer: Message, record: Record) -> Exchange:
    said, calls = answer.text, "" if _plain(answer) else _calls(answer)
    written = said.strip() or calls
    return Exchange(
        context,
        asked.text,
        fold(said) + calls,
        written[:SHOWN_CHARS],
        looks_like_label(written),
        record.pointer(asked.index, "content"),
        record.pointer(answer.index, "content"),
    )


def _earlier(record: Record) -> Iterator[Exchange]:
    """Each trained answer before the last one, with its question."""
    trained = [place for place, turn in enumerate(record.messages) if turn.trained]
    if len(trained) < 2 or record.layout.trains != "sft":
        return
    turns = record.messages
    digests = [_turn(turn) for turn in turns]
    around = _beside(turns, record)
    beside = canonical(around) if around else b""
    at = -1  # of the question
    for place, turn in enumerate(turns[: trained[-1]]):
        if turn.role == "user" and turn.text.strip():
            at = place
        elif turn.trained and at >= 0 and (turn.text.strip() or turn.tool_calls):
            before = b"".join(digests[:at] + digests[at + 1 : place])
            media = _media(turns[at])
            context = _digest(before + beside) + (digest(media) if media else b"")
            yield _exchange(context, turns[at], turn, record)


def _asked(record: Record) -> Exchange | None:
    """The last question of a reference file's record, from its turns or else a key that questions stand under."""
    turns = [(turn, record.pointer(turn.index, "content")) for turn in record.prompt]
    if not any(_is_question(turn) for turn, _ in turns):
        turns = list(_stated(record))
    place = max((place for place, (turn, _) in enumerate(turns) if _is_question(turn)), default=-1)
    if place < 0:
        return None
    asked, asked_at = turns.pop(place)
    media = _media(asked)
    context = _context([turn for turn, _ in turns], record) + (digest(media) if media else b"")
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


class Answer(NamedTuple):
    """What a fact says of an answer: a digest of it folded, its beginning, whether it reads like a label.

    `line` is a digest of the record's own bytes: equal lines are exact duplicates, which have a rule of their own.
    """

    digest: bytes
    shown: str
    label: bool
    line: bytes
    asked_at: str
    answered_at: str


NO_EXCHANGE = Exchange(b"", "", "", "", False, "", "")


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, dict):
        return {key: _folded(item) for key, item in value.items()}
    return [_folded(item) for item in value] if isinstance(value, list) else value


@lru_cache(maxsize=1)
def _answer(found: Exchange, record: Record) -> Answer:
    answer = digest(found.answer.encode("utf-8", "replace"))
    return Answer(answer, found.shown, found.label, _line(record), found.asked_at, found.answered_at)


@lru_cache(maxsize=1)
def _line(record: Record) -> bytes:
    return digest(record.raw.strip())


def _written(*fields: Any) -> bytes:
    return marshal.dumps(fields, WRITTEN)


def answer_of(value: bytes) -> Answer:
    """The answer in the value of a fact made by `by_question` or `by_text`."""
    return Answer(*marshal.loads(value)[: len(Answer._fields)])


def question_of(value: bytes) -> str:
    """The question in the value of a fact made by `by_text`."""
    return str(marshal.loads(value)[-1])


def by_line(record: Record) -> Iterator[tuple[bytes, bytes]]:
    """Key: the bytes of the line. For exact duplicates; lone messages, which repeat by nature, take no part."""
    if record.layout.name != "message":
        yield _line(record), b""


def by_question(record: Record) -> Iterator[tuple[bytes, bytes]]:
    """Key: context and folded question; value: the answer. For conflicts, duplicates and leaked prompts.

    A record without a question and an answer is compared as a whole.
    """
    found = exchange(record)
    if record.layout.name == "message":
        return
    if found is None:
        yield digest(["record", _folded(record.data)]), _written(*_answer(NO_EXCHANGE, record))
    else:
        yield _keyed(found, record)


def by_turn(record: Record) -> Iterator[tuple[bytes, bytes]]:
    """As `by_question`, for the answer of every trained turn. For conflicts."""
    last = exchange(record)
    if last is not None:  # first, while what is known of it is at hand
        yield _keyed(last, record)
    for found in _earlier(record):
        yield _keyed(found, record)


@lru_cache(maxsize=1)
def _keyed(found: Exchange, record: Record) -> tuple[bytes, bytes]:
    asked = fold(found.question).encode("utf-8", "replace")
    return digest(found.context + asked), _written(*_answer(found, record))


def by_text(record: Record) -> Iterator[tuple[bytes, bytes]]:
    """Key: the context; value: the answer and the question as written. For near-duplicates."""
    found = exchange(record)
    if found is not None:
        yield found.context, _written(*_answer(found, record), found.question)
