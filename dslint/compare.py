"""What of a record is compared with other records: the map step of duplicate, conflict and leakage rules."""

from __future__ import annotations

import marshal
from functools import lru_cache
from struct import Struct
from typing import Any, NamedTuple
from zlib import crc32

from dslint.exchanges import Exchange, earlier, exchange, fold
from dslint.facts import Entries
from dslint.records import Record, digest

WRITTEN = 2  # the version of marshal's format: equal values have equal bytes
TEXT_HEAD = 5  # bytes before a text in that format: its type, and its length in four bytes
DIGEST = 16  # bytes
_length = Struct("<I").unpack_from


class Answer(NamedTuple):
    """What a fact says of an answer: a digest of it folded, its beginning, whether it reads like a label."""

    digest: bytes
    shown: str
    label: bool
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
def _line(record: Record) -> bytes:
    return digest(record.raw.strip())


def _said(answer: str, shown: str, label: bool, asked_at: str, answered_at: str) -> bytes:
    told = marshal.dumps((shown, label, asked_at, answered_at), WRITTEN)
    return digest(answer.encode("utf-8", "replace")) + told


_said_label = lru_cache(maxsize=256)(_said)  # a set has few


def _written(found: Exchange, record: Record) -> bytes:
    """The value of a fact: the question as written, after it a digest of the line, and the answer."""
    _, question, answer, shown, label, asked_at, answered_at = found
    said = (_said_label if label else _said)(answer, shown, label, asked_at, answered_at)
    return marshal.dumps(question, WRITTEN) + _line(record) + said


def _keyed(found: Exchange, record: Record) -> tuple[bytes, bytes]:
    asked = fold(found.question).encode("utf-8", "replace")
    return digest(found.context + asked), _written(found, record)


@lru_cache(maxsize=1)  # three collectors ask for the same
def _last(record: Record) -> tuple[bytes, tuple[bytes, bytes]] | None:
    """The context of the last exchange; its key and its value."""
    found = exchange(record)
    return None if found is None else (found.context, _keyed(found, record))


def _end(value: bytes) -> int:
    """Where in the value of a fact its question ends."""
    (length,) = _length(value, 1)
    return TEXT_HEAD + int(length)


def answer_of(value: bytes) -> Answer:
    """The answer in the value of a fact made by `by_question`, `by_turn` or `by_text`."""
    return _answer(value[_end(value) + DIGEST :])


@lru_cache(maxsize=10_000)  # a record has many neighbours, a set few labels
def _answer(said: bytes) -> Answer:
    return Answer(said[:DIGEST], *marshal.loads(said[DIGEST:]))


def digest_of(value: bytes) -> bytes:
    """The digest of that answer."""
    start = _end(value) + DIGEST
    return value[start : start + DIGEST]


def line_of(value: bytes) -> bytes:
    """A digest of the record's own bytes: equal lines are exact duplicates, which have a rule of their own."""
    end = _end(value)
    return value[end : end + DIGEST]


def check_of(value: bytes) -> int:
    """The CRC-32 of the question in the value of such a fact."""
    return crc32(value[TEXT_HEAD : _end(value)])


def question_of(value: bytes) -> str:
    """The question in the value of such a fact."""
    question: str = marshal.loads(value)  # which reads one value, whatever follows
    return question


def by_line(record: Record) -> Entries:
    """Key: the bytes of the line. For exact duplicates; lone messages, which repeat by nature, take no part."""
    return () if record.layout.name == "message" else ((_line(record), b""),)


def by_question(record: Record) -> Entries:
    """Key: context and folded question; value: the answer. For conflicts, duplicates and leaked prompts.

    A record without a question and an answer is compared as a whole.
    """
    if record.layout.name == "message":
        return ()
    last = _last(record)
    return ((digest(["record", _folded(record.data)]), _written(NO_EXCHANGE, record)) if last is None else last[1],)


def by_turn(record: Record) -> Entries:
    """As `by_question`, for the answer of every trained turn. For conflicts."""
    last = _last(record)
    before = [_keyed(found, record) for found in earlier(record)]
    return (*before,) if last is None else (last[1], *before)


def by_text(record: Record) -> Entries:
    """Key: the context; value: the answer and the question as written. For near-duplicates."""
    last = _last(record)
    return () if last is None else ((last[0], last[1][1]),)
