"""Tool definitions, calls and results of a record, with their places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from dslint.findings import Finding
from dslint.records import Message, Record
from dslint.shapes import Shape

MOST_ENCODED = 5  # times that arguments are looked for inside of a JSON string


def uses_tools(shape: Shape) -> bool:
    """Whether a record defines, calls or answers tools."""
    return shape.uses_tools


class Call(NamedTuple):
    """One entry of a message's `tool_calls`, whatever it is."""

    message: Message
    place: int
    data: Any

    @property
    def function(self) -> dict[str, Any]:
        """Its function, empty when there is none."""
        function = self.data.get("function") if isinstance(self.data, dict) else None
        return function if isinstance(function, dict) else {}

    @property
    def name(self) -> str:
        """The name of the tool it calls, "" when there is none."""
        name = self.function.get("name")
        return name if isinstance(name, str) else ""

    @property
    def id(self) -> str:
        """Its id, "" when there is none."""
        found = self.data.get("id") if isinstance(self.data, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def arguments(self) -> Any:
        """The arguments decoded; None when they are no JSON."""
        given = self.function.get("arguments")
        return decoded(given) if isinstance(given, str) else given

    def finding(self, said: str, key: str = "") -> Finding:
        """A finding about the call or one of its keys (`function/arguments`)."""
        return self.message.finding(said, key=f"tool_calls/{self.place}" + (f"/{key}" if key else ""))


class Tool(NamedTuple):
    """One tool definition and where it stands."""

    record: Record
    pointer: str
    data: Any

    @property
    def function(self) -> dict[str, Any]:
        """Its function, empty when there is none; OpenAI's legacy `functions` are their own."""
        inner = self.data.get("function", self.data) if isinstance(self.data, dict) else None
        return inner if isinstance(inner, dict) else {}

    @property
    def name(self) -> str:
        """Its name, "" when there is none."""
        name = self.function.get("name")
        return name if isinstance(name, str) else ""

    def finding(self, said: str, key: str = "") -> Finding:
        """A finding about the tool or one of the keys of its function."""
        inside = "/function" if isinstance(self.data, dict) and "function" in self.data else ""
        return self.record.finding(said, pointer=self.pointer + (f"{inside}/{key}" if key else ""))


def calls(record: Record) -> Iterator[Call]:
    """Every entry of every `tool_calls`, in order."""
    for message in record.messages:
        yield from calls_of(message)


def calls_of(message: Message) -> Iterator[Call]:
    """The entries of one message's `tool_calls`."""
    found = message.data.get("tool_calls")
    for place, data in enumerate(found if isinstance(found, list) else []):
        yield Call(message, place, data)


def tools(record: Record) -> Iterator[Tool]:
    """Every tool definition of a record."""
    for place, data in enumerate(record.tools):
        yield Tool(record, f"{record.tools_at}/{place}", data)
    legacy = record.data.get("functions")
    for place, data in enumerate(legacy if isinstance(legacy, list) else []):
        yield Tool(record, f"/functions/{place}", data)


def decoded(text: str) -> Any:
    """A JSON text's value, None when it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def encoded_again(call: Call) -> str:
    """The JSON object, as text, that stands as a string inside of the arguments; "" when none does."""
    given = call.function.get("arguments")
    value = decoded(given) if isinstance(given, str) else None
    for _ in range(MOST_ENCODED):
        if not isinstance(value, str):
            break
        text, value = value, decoded(value)
        if isinstance(value, dict):
            return text
    return ""


def calls_in_parts(record: Record) -> bool:
    """Whether the record is in LLaMA-Factory's newer form: calls and results are parts, each with a `value`."""
    return any(isinstance(part, dict) and "value" in part for message in record.messages for part in message.parts)
