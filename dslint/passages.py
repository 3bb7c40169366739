"""The strings that make up the text of a turn, each with its own place in the record.

A turn's text may stand in one string, in several text parts, or, in Alpaca, under `instruction` and `input`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dslint.findings import Finding, tokens
from dslint.records import Message, Record

# Layouts whose strings reach the model as they stand: a template's tokens are meant to be in them.
RENDERED = ("text", "prompt-completion")


class Passage(NamedTuple):
    """One string of a turn, and the pointer to it."""

    text: str
    pointer: str
    message: Message

    def finding(self, said: str, start: int = 0, end: int | None = None, *, severity: str = "") -> Finding:
        """A finding about the characters from `start` to `end` (the whole string)."""
        span = None if end is None else (start, end)
        return self.message.record.finding(said, pointer=self.pointer, span=span, severity=severity)


def passages(message: Message) -> Iterator[Passage]:
    """The strings whose text the turn has, in order."""
    record, content = message.record, message.data.get("content")
    if isinstance(content, str):
        pointer = record.pointer(message.index, "content")
        context = record.data.get("input")
        if pointer == "/instruction" and isinstance(context, str) and context:
            yield Passage(str(record.data["instruction"]), pointer, message)
            yield Passage(context, "/input", message)
        else:
            yield Passage(content, pointer, message)
    for place, part in enumerate(message.parts):
        key = "" if isinstance(part, str) else "/text" if isinstance(part, dict) and "text" in part else "/value"
        text = part if isinstance(part, str) else part.get(key[1:]) if isinstance(part, dict) else None
        if isinstance(text, str):
            pointer = record.pointer(message.index, f"content/{place}{key}")
            yield Passage(text, pointer, message)


def imitated(message: Message) -> bool:
    """Whether the turn is an answer to imitate: trained, not rejected, and no context of a reinforcement item."""
    record = message.record
    if not message.trained or record.layout.trains not in ("sft", "preference", "kto"):
        return False
    if record.layout.trains == "kto" and record.data.get("label", record.data.get("kto_tag")) is False:
        return False
    return message.index < len(record.turns)


def answers(message: Message) -> Iterator[Passage]:
    """The strings of an answer to imitate; none of any other turn."""
    return passages(message) if imitated(message) else iter(())


def rendered(record: Record) -> bool:
    """Whether the record's strings reach the model as they stand, without a chat template."""
    return record.layout.name in RENDERED or isinstance(record.data.get("prompt"), str)


def edited(data: dict[str, Any], edit: Callable[[Passage], str]) -> dict[str, Any]:
    """The record with every string of its turns as `edit` gives it."""
    record = Record(data)
    for message in (*record.messages, *record.beside):
        for passage in list(passages(message)):
            text = edit(passage)
            if text != passage.text:
                _put(data, passage.pointer, text)
    return data


def _put(data: Any, pointer: str, value: str) -> None:
    *path, last = tokens(pointer)
    for token in path:
        data = data[int(token)] if isinstance(data, list) else data[token]
    data[int(last) if isinstance(data, list) else last] = value
