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
from dslint.shapes import TOOL_KEYS, Shape

MOST_ENCODED = 5  # times that arguments are looked for inside of a JSON string
OPENAI = ("chat", "preference", "reinforcement", "mistral")  # layouts that have tools in OpenAI's form
AS_TEXT = ("sharegpt", "alpaca")  # LLaMA-Factory's layouts, which want the list of tools as JSON text


def has_tools(shape: Shape) -> bool:
    """Whether a record may define tools that can be read."""
    defined = any(key in TOOL_KEYS for key in shape.keys) or "input" in shape.keys
    return defined and shape.layout in (*OPENAI, *AS_TEXT)


def has_calls(shape: Shape) -> bool:
    """Whether a record may call a tool: in a turn, in the text of one, or in a rejected answer."""
    unseen = shape.layout in ("preference", "sharegpt") and shape.uses_tools
    return unseen or any(turn.calls for turn in shape.turns)


def has_tools_or_calls(shape: Shape) -> bool:
    """Whether a record may define or call tools."""
    return has_tools(shape) or has_calls(shape)


def has_results(shape: Shape) -> bool:
    """Whether a record has a result of a tool."""
    return any(turn.role == "tool" for turn in shape.turns)


class Call(NamedTuple):
    """One call of a tool, whatever it is.

    `key` leads to it from its message: `tool_calls/0`, `function_call`, or `content` where it is written as text.
    `data` is the call in the form of an entry of `tool_calls`, `function` the object in it, empty when there is
    none; `name` and `id` are "" where they are missing or no text.
    """

    message: Message
    key: str
    data: Any
    function: dict[str, Any]
    name: str
    id: str

    @property
    def listed(self) -> bool:
        """Whether it is an entry of `tool_calls`, which has an id and a type."""
        return self.key.startswith("tool_calls")

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
    """One tool definition and where it stands.

    `bare` says that it may do without `type` and `function`; `function` is then the tool itself. `name` is "" where
    it is missing or no text.
    """

    record: Record
    pointer: str
    data: Any
    bare: bool
    function: dict[str, Any]
    name: str

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


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _call(message: Message, key: str, data: Any) -> Call:
    function = data.get("function") if isinstance(data, dict) else None
    found = function if isinstance(function, dict) else {}
    return Call(
        message, key, data, found, _text(found, "name"), _text(data, "id") if isinstance(data, dict) else ""
    )


def _tool(record: Record, pointer: str, data: Any, bare: bool) -> Tool:
    function = data.get("function", data) if isinstance(data, dict) else None
    found = function if isinstance(function, dict) else {}
    return Tool(record, pointer, data, bare, found, _text(found, "name"))


@lru_cache(maxsize=1)  # rule after rule asks about the same record
def calls(record: Record) -> tuple[Call, ...]:
    """Every call of the conversation, in order."""
    listed = tuple(call for message in record.messages for call in calls_of(message))
    return listed or tuple(_written(record))


def calls_of_all(record: Record) -> Iterator[Call]:
    """Every call, also those of rejected answers, whose form counts though their sense does not."""
    yield from calls(record)
    for message in record.beside:
        yield from calls_of(message)


def calls_of(message: Message) -> Iterator[Call]:
    """The entries of one message's `tool_calls`, and its `function_call`."""
    found = message.data.get("tool_calls")
    for place, data in enumerate(found if isinstance(found, list) else []):
        yield _call(message, f"tool_calls/{place}", data)
    legacy = message.data.get("function_call")
    if legacy:
        yield _call(message, "function_call", {"function": legacy})


def _written(record: Record) -> Iterator[Call]:
    """The calls in ShareGPT turns from `function_call`: an object with name and arguments, or a list of them."""
    spoken_of = "tools" in record.data or any(message.role == "tool" for message in record.messages)
    for message in record.messages if record.layout.name == "sharegpt" and spoken_of else ():
        _, turns, *place = record.layout.pointer(record.data, message.index, "role").split("/")
        if message.role != "assistant" or record.data[turns][int(place[0])].get(place[1]) != "function_call":
            continue
        value = loaded(message.text.rpartition("</think>")[2])  # what is thought before a call is no part of it
        for function in value if isinstance(value, list) else [value]:
            yield _call(message, "content", {"function": function})


@lru_cache(maxsize=1)
def tools(record: Record) -> tuple[Tool, ...]:
    """Every tool definition of a record whose layout has them in OpenAI's or LLaMA-Factory's form."""
    return tuple(_tools(record))


def _tools(record: Record) -> Iterator[Tool]:
    if record.layout.name in AS_TEXT:
        given = record.data.get("tools")
        listed = loaded(given) if isinstance(given, str) else given
        for place, data in enumerate(listed if isinstance(listed, list) else []):
            yield _tool(record, f"/tools/{place}", data, True)
    elif record.layout.name in OPENAI:
        for place, data in enumerate(record.tools):
            yield _tool(record, f"{record.tools_at}/{place}", data, False)
        legacy = record.data.get("functions")
        for place, data in enumerate(legacy if isinstance(legacy, list) else []):
            yield _tool(record, f"/functions/{place}", data, True)


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
