"""What of a record is compared with other records: the map step of duplicate, conflict and leakage rules."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary
from zlib import crc32

from dslint.collecting import Batch, Collector, Columns
from dslint.exchanges import LABEL_CHARS, Exchange, asks_again, earlier, exchange
from dslint.nfkc import fold
from dslint.once import once
from dslint.records import Record, digest
from dslint.shapes import TurnKey

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


NO_EXCHANGE = Exchange(b"", "", "", "", "", "")


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, dict):
        return {key: _folded(item) for key, item in value.items()}
    return [_folded(item) for item in value] if isinstance(value, list) else value


def _answered(found: Exchange) -> bytes:
    told = marshal.dumps((found.shown, found.label, found.asked_at, found.answered_at), WRITTEN)
    return digest(found.answer.encode("utf-8", "replace")) + told


@lru_cache(maxsize=256)  # a set has few labels
def _labelled(said: str, asked_at: str, answered_at: str) -> bytes:
    return _answered(Exchange(b"", "", said, "", asked_at, answered_at))


class Compared:
    """What is compared of some records, a column each."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    @once
    def lines(self) -> list[bytes]:
        """Digests of the lines."""
        return [digest(record.raw.strip()) for record in self.records]

    @once
    def exchanges(self) -> list[Exchange | None]:
        """The last exchanges."""
        return [exchange(record) for record in self.records]

    @once
    def last(self) -> Columns:
        """The last exchanges under the keys of their questions."""
        told = zip(self.records, self.exchanges, self.lines, strict=True)
        found = [(record.line, asked, line) for record, asked, line in told if asked is not None]
        return Columns(
            [number for number, _, _ in found],
            [_key(asked) for _, asked, _ in found],
            [_value(asked, line) for _, asked, line in found],
        )

    def shapes(self) -> set[tuple[TurnKey, ...]]:
        """What turns the conversations have."""
        return {record.kinds for record in self.records}


_known: WeakKeyDictionary[Batch, Compared] = WeakKeyDictionary()


def compared(batch: Batch) -> Compared:
    """What is compared of the records of a batch, the same for all collectors."""
    if batch not in _known:
        _known[batch] = Compared(batch.records)
    return _known[batch]


def _key(found: Exchange) -> bytes:
    return digest(found.context + fold(found.question).encode("utf-8", "replace"))


def _value(found: Exchange, line: bytes) -> bytes:
    """The value of a fact: the question as written, after it a digest of the line, and the answer."""
    _, question, said, calls, asked_at, answered_at = found
    short = len(said) <= LABEL_CHARS and not calls
    answered = _labelled(said, asked_at, answered_at) if short else _answered(found)
    return marshal.dumps(question, WRITTEN) + line + answered


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


@Collector
def by_line(batch: Batch) -> Columns:
    """Key: the bytes of the line. For exact duplicates; lone messages, which repeat by nature, take no part."""
    found = [
        (record.line, line)
        for record, line in zip(batch.records, compared(batch).lines, strict=True)
        if record.layout.name != "message"
    ]
    return Columns([number for number, _ in found], [line for _, line in found], [b""] * len(found))


@Collector
def by_question(batch: Batch) -> Columns:
    """Key: context and folded question; value: the answer. For conflicts, duplicates and leaked prompts.

    A record without a question and an answer is compared as a whole.
    """
    found = compared(batch)
    if len(found.last.lines) == len(batch.records):
        return found.last
    rows = dict(zip(found.last.lines, zip(*found.last[1:], strict=True), strict=True))
    for record, line in zip(batch.records, found.lines, strict=True):
        if record.line not in rows and record.layout.name != "message":
            rows[record.line] = digest(["record", _folded(record.data)]), _value(NO_EXCHANGE, line)
    return Columns(*zip(*((number, *rows[number]) for number in sorted(rows)), strict=True))


@Collector
def by_turn(batch: Batch) -> Columns:
    """As `by_question`, for the answer of every trained turn. For conflicts."""
    found = compared(batch)
    if not any(map(asks_again, found.shapes())):
        return found.last
    rows = list(zip(*found.last, strict=True))
    for record, line in zip(batch.records, found.lines, strict=True):
        rows += [(record.line, _key(before), _value(before, line)) for before in earlier(record)]
    rows.sort(key=itemgetter(0))
    return Columns(*zip(*rows, strict=True))


@Collector
def by_text(batch: Batch) -> Columns:
    """Key: the context; value: the answer and the question as written. For near-duplicates."""
    found = compared(batch)
    return found.last._replace(keys=[told.context for told in found.exchanges if told is not None])
