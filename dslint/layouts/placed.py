"""Turns with the places they come from, for layouts that gather a conversation from several keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from dslint.layouts import Layout, Pointer, nothing

SAME: Mapping[str, str] = {}


class Placed(NamedTuple):
    """A turn in OpenAI terms, the pointer to where it stands, and what the layout calls its keys.

    `keys` is None where the pointer leads to the content itself, so that no key follows it; a name in it may be a
    path ("parts/0/text").
    """

    turn: Any
    pointer: str
    keys: Mapping[str, str] | None = SAME

    def at(self, key: str) -> str:
        """The pointer to one key of the turn."""
        if self.keys is None or not key:
            return self.pointer
        first, slash, rest = key.partition("/")
        return f"{self.pointer}/{self.keys.get(first, first)}{slash}{rest}"


Turns = Callable[[Mapping[str, Any]], Iterator[Placed]]

# ShareGPT's names: `from` and `value`, and the roles they have there.
SHAREGPT_ROLES = {
    "human": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "function_call": "assistant",
    "observation": "tool",
}
SHAREGPT_KEYS = {"role": "from", "content": "value"}


def in_openai_terms(turn: Any) -> Any:
    """A ShareGPT turn under OpenAI's names; any other turn as it stands."""
    if not isinstance(turn, dict) or "from" not in turn:
        return turn
    role = turn["from"]
    renamed: dict[str, Any] = {"role": SHAREGPT_ROLES.get(role, role) if isinstance(role, str) else role}
    if "value" in turn:
        renamed["content"] = turn["value"]
    if "weight" in turn:
        renamed["weight"] = turn["weight"]
    return renamed


def one(turn: Any, pointer: str) -> Placed:
    """A turn written as an object, by OpenAI's or ShareGPT's names."""
    renamed = in_openai_terms(turn)
    return Placed(renamed, pointer, SAME if renamed is turn else SHAREGPT_KEYS)


def said(value: Any, role: str, pointer: str) -> Iterator[Placed]:
    """What stands under a key: messages, one message, or anything else as the content of one turn."""
    if isinstance(value, list):
        for index, turn in enumerate(value):
            yield one(turn, f"{pointer}/{index}")
    elif isinstance(value, dict) and ("role" in value or "from" in value):
        yield one(value, pointer)
    else:
        yield Placed({"role": role, "content": value}, pointer, None)


def system(data: Mapping[str, Any], key: str = "system") -> Iterator[Placed]:
    """A system prompt that stands beside the turns, when there is one."""
    if isinstance(data.get(key), str) and data[key]:
        yield Placed({"role": "system", "content": data[key]}, f"/{key}", None)


def layout(
    name: str,
    title: str,
    matches: Callable[[frozenset[str]], bool],
    turns: Turns,
    trains: str,
    *,
    beside: Turns | None = None,
    root: str = "",
) -> Layout:
    """A layout from functions that give its turns with their places; `root` points to the list of turns."""

    def pointers(data: Mapping[str, Any]) -> Pointer:
        placed = [*turns(data), *(beside(data) if beside else ())]
        return lambda index, key: root if index is None else placed[index].at(key)

    def messages(data: Mapping[str, Any]) -> list[Any]:
        return [placed.turn for placed in turns(data)]

    def others(data: Mapping[str, Any]) -> list[Any]:
        return [placed.turn for placed in beside(data)] if beside else []

    return Layout(name, title, matches, messages, pointers, trains, others if beside else nothing)
