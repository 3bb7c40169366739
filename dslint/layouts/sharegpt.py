"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, …]}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dslint.layouts import Layout, Pointer
from dslint.layouts.placed import SAME, SHAREGPT_KEYS, Placed, in_openai_terms


def _name(data: Mapping[str, Any]) -> str:
    return "conversations" if "conversations" in data else "conversation"


def _system(data: Mapping[str, Any]) -> list[Any]:
    system = data.get("system")
    return [{"role": "system", "content": system}] if isinstance(system, str) and system else []


def messages(data: Mapping[str, Any]) -> list[Any]:
    """The turns with OpenAI's names for keys and roles; a `system` beside them comes first."""
    found = data.get(_name(data))
    return _system(data) + [in_openai_terms(turn) for turn in found] if isinstance(found, list) else []


def pointers(data: Mapping[str, Any]) -> Pointer:
    """`/conversations/3/value`."""

    def pointer(index: int | None, key: str) -> str:
        if index is None:
            return f"/{_name(data)}"
        index -= len(_system(data))
        if index < 0:
            return "/system"
        found = data[_name(data)]
        renamed = isinstance(found[index], dict) and "from" in found[index]
        return Placed(None, f"/{_name(data)}/{index}", SHAREGPT_KEYS if renamed else SAME).at(key)

    return pointer


LAYOUT = Layout(
    "sharegpt",
    "ShareGPT",
    lambda keys: "conversations" in keys or "conversation" in keys,
    messages,
    pointers,
    "sft",
)
