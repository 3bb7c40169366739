"""Read-only views of one record. They are total: any JSON object can be asked for its messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from dslint.findings import Finding, Where, escaped
from dslint.layouts import Layout, Pointer, detect, telling_keys
from dslint.once import once
from dslint.shapes import TurnKey, canonical_role, turn_key


def canonical(value: Any) -> bytes:
    """The JSON text of a value with sorted keys and no spaces: equal values have equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


@cache
def _blake2b() -> Any:
    try:
        from _blake2 import blake2b  # hashlib loads OpenSSL first, which takes as long as a hundred rules
    except ImportError:
        from hashlib import blake2b

    return blake2b


def digest(value: Any) -> bytes:
    """16 bytes that are equal when two JSON values (or byte strings) are equal."""
    data = value if isinstance(value, bytes) else canonical(value)
    found: bytes = _blake2b()(data, digest_size=16).digest()
    return found


class Line(NamedTuple):
    """One physical line without its line feed, whatever it holds: what `line` rules look at."""

    raw: bytes
    source: str
    number: int

    def finding(self, message: str, *, start: int = 0, end: int | None = None, severity: str = "") -> Finding:
        """A finding about the bytes from `start` to `end` (the whole line)."""
        stop = len(self.raw) if end is None else end
        return Finding(Where(self.source, self.number, bytes=(start, stop)), message, severity=severity)


def text_of(turn: Mapping[str, Any]) -> str:
    """The text of a turn in OpenAI terms; text parts are joined by line feeds."""
    content = turn.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text", part.get("value")) if isinstance(part, dict) else part for part in parts)
    return "\n".join(text for text in texts if isinstance(text, str))


def role_of(turn: Mapping[str, Any]) -> str:
    """The role of a turn, or what its alias stands for; "" when it is missing or no string."""
    role = turn.get("role")
    return canonical_role(role) if isinstance(role, str) else ""


def tool_calls_of(turn: Mapping[str, Any]) -> list[Any]:
    """The tool calls of a turn; a legacy `function_call` counts as one."""
    calls = turn.get("tool_calls")
    if isinstance(calls, list):
        return calls
    legacy = turn.get("function_call")
    return [{"type": "function", "function": legacy}] if isinstance(legacy, dict) else []


def arguments_of(turn: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(key, text) of the arguments of each tool call of a turn; of an object, its strings joined by line feeds."""
    calls, legacy = turn.get("tool_calls"), turn.get("function_call")
    functions = [("function_call", legacy)] if legacy else []
    for place, call in enumerate(calls if isinstance(calls, list) else ()):
        functions.append((f"tool_calls/{place}/function", call.get("function") if isinstance(call, dict) else None))
    found = []
    for key, function in functions:
        given = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(given, (str, dict)):
            said = given if isinstance(given, str) else "\n".join(text for _, text in strings(given))
            found.append((f"{key}/arguments", said))
    return found


def strings(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, text) of every string in a JSON value, in order; keys are left out."""
    waiting = [(pointer, value)]
    while waiting:
        at, value = waiting.pop()
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, list):
            waiting += reversed([(f"{at}/{index}", item) for index, item in enumerate(value)])
        elif isinstance(value, dict):
            waiting += reversed([(f"{at}/{escaped(name)}", item) for name, item in value.items()])


class Message:
    """One turn of a conversation, in OpenAI terms whatever the layout."""

    __slots__ = ("data", "index", "record")

    def __init__(self, record: Record, index: int, data: Mapping[str, Any]) -> None:
        self.record, self.index, self.data = record, index, data

    @property
    def role(self) -> str:
        """The role, or what its alias stands for; "" when it is missing or no string."""
        return role_of(self.data)

    @property
    def parts(self) -> list[Any]:
        """The content parts, empty when the content is no list."""
        content = self.data.get("content")
        return content if isinstance(content, list) else []

    @property
    def text(self) -> str:
        """The text of the turn; text parts are joined by line feeds."""
        return text_of(self.data)

    @property
    def tool_calls(self) -> list[Any]:
        """The tool calls; a legacy `function_call` counts as one."""
        return tool_calls_of(self.data)

    @property
    def trained(self) -> bool:
        """Whether a loss is computed on this turn: an assistant turn whose weight is not 0."""
        return self.role == "assistant" and self.data.get("weight") != 0

    def finding(
        self, message: str, *, key: str = "content", span: tuple[int, int] | None = None, severity: str = ""
    ) -> Finding:
        """A finding about one key of this turn; `span` counts characters of the text there."""
        return self.record.finding(message, index=self.index, key=key, span=span, severity=severity)


class Arguments(Message):
    """The arguments of a tool call, looked at as if they were the text of its turn; `key` leads to them."""

    __slots__ = ("key", "said")

    def __init__(self, message: Message, key: str, text: str) -> None:
        super().__init__(message.record, message.index, message.data)
        self.key, self.said = key, text

    @property
    def text(self) -> str:
        """The arguments as text."""
        return self.said

    def finding(
        self, message: str, *, key: str = "content", span: tuple[int, int] | None = None, severity: str = ""
    ) -> Finding:
        """A finding about the arguments, or about another key of the turn."""
        return super().finding(message, key=self.key if key == "content" else key, span=span, severity=severity)


class Record:
    """One line: a JSON object and the conversation in it.

    `data` is the object as it stands, `raw` its bytes without the line end, `file_role` the part its file plays
    (train, validation, test or "").
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        raw: bytes = b"",
        source: str = "",
        line: int = 1,
        layout: Layout | None = None,
        file_role: str = "",
        kinds: tuple[TurnKey, ...] | None = None,
        turns: list[Any] | None = None,
    ) -> None:
        self.data, self.raw, self.source, self.line = data, raw, source, line
        self.layout = layout or detect(telling_keys(data))
        self.file_role = file_role
        if kinds is not None:
            self.kinds = kinds
        if turns is not None:
            self.turns = turns

    @once
    def turns(self) -> list[Any]:
        """The turns in OpenAI terms, whatever they are."""
        return self.layout.messages(self.data)

    @once
    def kinds(self) -> tuple[TurnKey, ...]:
        """What of each turn the shape of the conversation depends on."""
        return tuple(map(turn_key, self.turns))

    @once
    def messages(self) -> list[Message]:
        """The turns that are objects, each with its place in the list."""
        turns = enumerate(self.turns)
        return [Message(self, index, turn) for index, turn in turns if isinstance(turn, dict)]

    @once
    def beside(self) -> list[Message]:
        """Turns that are no part of the conversation: rejected answers, plain text."""
        turns = enumerate(self.layout.beside(self.data), len(self.turns))
        return [Message(self, index, turn) for index, turn in turns if isinstance(turn, dict)]

    @once
    def pointer(self) -> Pointer:
        """The way from a key of a turn back into the record."""
        return self.layout.pointers(self.data)

    @property
    def arguments(self) -> list[Arguments]:
        """The arguments of the tool calls in the conversation, in order."""
        calls = ((message, arguments_of(message.data)) for message in self.messages)
        return [Arguments(message, *found) for message, of_turn in calls for found in of_turn]

    def release(self) -> None:
        """Forget the views made of it: they refer to it as it does to them, and would wait for the collector."""
        known = self.__dict__
        for view in ("messages", "beside", "completion"):
            if view in known:
                del known[view]

    @property
    def tools(self) -> list[Any]:
        """The tool definitions, empty when there is no such list."""
        return self.placed_tools()[1]

    @property
    def tools_at(self) -> str:
        """The pointer to the tool definitions, "" when there are none."""
        return self.placed_tools()[0]

    def placed_tools(self) -> tuple[str, list[Any]]:
        """The pointer to the tool definitions, and they."""
        given = self.data.get("input")
        places = (
            ("/tools", self.data.get("tools")),
            ("/available_tools", self.data.get("available_tools")),
            ("/input/tools", given.get("tools") if isinstance(given, dict) else None),
        )
        return next(((pointer, tools) for pointer, tools in places if isinstance(tools, list)), ("", []))

    @once
    def completion(self) -> Message | None:
        """The last trained turn, None when nothing is trained."""
        return next((message for message in reversed(self.messages) if message.trained), None)

    @property
    def prompt(self) -> list[Message]:
        """Everything before the completion; the whole conversation when there is none."""
        if self.completion is None:
            return self.messages
        return self.messages[: self.messages.index(self.completion)]

    @property
    def where(self) -> Where:
        """The record as a whole."""
        return Where(self.source, self.line)

    def finding(
        self,
        message: str,
        *,
        index: int | None = None,
        key: str = "",
        pointer: str | None = None,
        span: tuple[int, int] | None = None,
        severity: str = "",
    ) -> Finding:
        """A finding about the record, about one of its turns (`index`, `key`), or about any `pointer` into it."""
        if pointer is None:
            pointer = "" if index is None else self.pointer(index, key)
        return Finding(Where(self.source, self.line, pointer, span), message, severity=severity)
