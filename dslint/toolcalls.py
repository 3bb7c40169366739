"""Calls of tools and their results in a record, with their places.

Three ways to write a call are read: OpenAI's `tool_calls`, its former `function_call`, and the JSON text of a
ShareGPT turn from `function_call`. Calls of Bedrock, Gemini and Anthropic are content parts, which are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dslint.decode import decode
from dslint.findings import Finding
from dslint.records import Message, Record
from dslint.shapes import Shape
from dslint.tooldefs import has_tools, loaded, text_at

MOST_ENCODED = 5  # times that arguments are looked for inside of a JSON string


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
            return decoded(given)
        return given if isinstance(given, dict) else None

    def finding(self, said: str, key: str = "", *, span: tuple[int, int] | None = None) -> Finding:
        """A finding about the call or one of its keys (`function/arguments`); `span` counts characters there."""
        if self.key == "content":
            return self.message.finding(said)
        inside = key if self.listed else key.removeprefix("function").removeprefix("/")
        return self.message.finding(said, key=f"{self.key}/{inside}" if inside else self.key, span=span)


def _call(message: Message, key: str, data: Any) -> Call:
    function = data.get("function") if isinstance(data, dict) else None
    found = function if isinstance(function, dict) else {}
    return Call(
        message, key, data, found, text_at(found, "name"), text_at(data, "id") if isinstance(data, dict) else ""
    )


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
        _, turns, *place = record.pointer(message.index, "role").split("/")
        if message.role != "assistant" or record.data[turns][int(place[0])].get(place[1]) != "function_call":
            continue
        value = loaded(message.text.rpartition("</think>")[2])  # what is thought before a call is no part of it
        for function in value if isinstance(value, list) else [value]:
            yield _call(message, "content", {"function": function})


@lru_cache(maxsize=64)  # rule after rule asks about the calls of one record
def decoded(text: str) -> dict[str, Any] | None:
    """The JSON object in a text, which is not to be changed; None when it is anything else."""
    return decode(in_bytes(text))


def in_bytes(text: str) -> bytes:
    """The text in UTF-8, lone surrogates as they stand."""
    return text.encode("utf-8", "surrogatepass")


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
