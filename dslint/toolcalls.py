"""Tool definitions, calls and results of a record, with their places.

Three ways to write a call are read: OpenAI's `tool_calls`, its former `function_call`, and the JSON text of a
ShareGPT turn from `function_call`. Calls of Bedrock, Gemini and Anthropic are content parts, which are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dslint.decode import decode
from dslint.findings import Finding
from dslint.records import Message, Record
from dslint.shapes import Shape

MOST_ENCODED = 5  # times that arguments are looked for inside of a JSON string
OPENAI = ("chat", "preference", "reinforcement", "mistral")  # layouts that have tools in OpenAI's form
AS_TEXT = ("sharegpt", "alpaca")  # LLaMA-Factory's layouts, which want the list of tools as JSON text


def uses_tools(shape: Shape) -> bool:
    """Whether a record defines, calls or answers tools."""
    return shape.uses_tools


class Call(NamedTuple):
    """One call of a tool, whatever it is.

    `key` leads to it from its message: `tool_calls/0`, `function_call`, or `content` where it is written as text.
    `data` is the call in the form of an entry of `tool_calls`.
    """

    message: Message
    key: str
    data: Any

    @property
    def listed(self) -> bool:
        """Whether it is an entry of `tool_calls`, which has an id and a type."""
        return self.key.startswith("tool_calls")

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
    def arguments(self) -> dict[str, Any] | None:
        """The arguments decoded, None when they are no JSON object."""
        given = self.function.get("arguments")
        if isinstance(given, str):
            return decode(in_bytes(given))
        return given if isinstance(given, dict) else None

    def finding(self, said: str, key: str = "", *, span: tuple[int, int] | None = None) -> Finding:
        """A finding about the call or one of its keys (`function/arguments`); `span` counts characters there."""
        if self.key == "content":
            return self.message.finding(said)
        inside = key if self.listed else key.removeprefix("function").removeprefix("/")
        return self.message.finding(said, key=f"{self.key}/{inside}" if inside else self.key, span=span)


class Tool(NamedTuple):
    """One tool definition and where it stands; `bare` says that it may do without `type` and `function`."""

    record: Record
    pointer: str
    data: Any
    bare: bool = False

    @property
    def function(self) -> dict[str, Any]:
        """Its function, empty when there is none; a bare tool is its own."""
        inner = self.data.get("function", self.data) if isinstance(self.data, dict) else None
        return inner if isinstance(inner, dict) else {}

    @property
    def name(self) -> str:
        """Its name, "" when there is none."""
        name = self.function.get("name")
        return name if isinstance(name, str) else ""

    @property
    def parameters(self) -> Any:
        """The JSON Schema of its arguments, None when there is none."""
        return self.function.get("parameters")

    def finding(self, said: str, key: str = "") -> Finding:
        """A finding about the tool or one of the keys of its function."""
        if isinstance(self.record.data.get("tools"), str):
            return self.record.finding(said, pointer="/tools")
        inside = "/function" if isinstance(self.data, dict) and "function" in self.data else ""
        return self.record.finding(said, pointer=self.pointer + (f"{inside}/{key}" if key else ""))


def calls(record: Record) -> Iterator[Call]:
    """Every call of the conversation, in order."""
    for message in record.messages:
        yield from calls_of(message)


def calls_of_all(record: Record) -> Iterator[Call]:
    """Every call, also those of rejected answers, whose form counts though their sense does not."""
    yield from calls(record)
    for message in record.beside:
        yield from calls_of(message)


def calls_of(message: Message) -> Iterator[Call]:
    """The calls of one message."""
    found = message.data.get("tool_calls")
    for place, data in enumerate(found if isinstance(found, list) else []):
        yield Call(message, f"tool_calls/{place}", data)
    legacy = message.data.get("function_call")
    if legacy is not None:
        yield Call(message, "function_call", {"function": legacy})
    if message.role == "assistant" and message.record.layout.name == "sharegpt":
        yield from _written(message)


def _written(message: Message) -> Iterator[Call]:
    """The calls of a ShareGPT turn from `function_call`: an object with name and arguments, or a list of them."""
    data = message.record.data
    _, turns, place, key = message.record.layout.pointer(data, message.index, "role").split("/")
    if data[turns][int(place)].get(key) != "function_call":
        return
    text = message.text.rpartition("</think>")[2]  # what is thought before a call is no part of it
    value = loaded(text)
    for function in value if isinstance(value, list) else [value]:
        yield Call(message, "content", {"function": function})


def tools(record: Record) -> Iterator[Tool]:
    """Every tool definition of a record whose layout has them in OpenAI's or LLaMA-Factory's form."""
    if record.layout.name in AS_TEXT:
        given = record.data.get("tools")
        listed = loaded(given) if isinstance(given, str) else given
        for place, data in enumerate(listed if isinstance(listed, list) else []):
            yield Tool(record, f"/tools/{place}", data, bare=True)
    elif record.layout.name in OPENAI:
        for place, data in enumerate(record.tools):
            yield Tool(record, f"{record.tools_at}/{place}", data)
        legacy = record.data.get("functions")
        for place, data in enumerate(legacy if isinstance(legacy, list) else []):
            yield Tool(record, f"/functions/{place}", data, bare=True)


def in_bytes(text: str) -> bytes:
    """The text in UTF-8, lone surrogates as they stand."""
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=64)  # the same tools stand in record after record
def loaded(text: str) -> Any:
    """The value of a JSON text, which is not to be changed; None when it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def encoded_again(call: Call) -> str:
    """The JSON object, as text, that stands as a string inside of the arguments; "" when none does."""
    given = call.function.get("arguments")
    if not isinstance(given, str) or not given.lstrip().startswith('"'):
        return ""
    value = loaded(given)
    for _ in range(MOST_ENCODED):
        if not isinstance(value, str):
            break
        text, value = value, loaded(value)
        if isinstance(value, dict):
            return text
    return ""


def calls_in_parts(record: Record) -> bool:
    """Whether the record is in LLaMA-Factory's newer form: calls and results are parts, each with a `value`."""
    return any(isinstance(part, dict) and "value" in part for message in record.messages for part in message.parts)
