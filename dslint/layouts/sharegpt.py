"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, …]}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dslint.layouts import Layout

ROLES = {
    "human": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "function_call": "assistant",
    "observation": "tool",
}
KEYS = {"role": "from", "content": "value"}


def _name(data: Mapping[str, Any]) -> str:
    return "conversations" if "conversations" in data else "conversation"


def _turn(turn: Any) -> Any:
    if not isinstance(turn, dict) or "from" not in turn:
        return turn
    role = turn["from"]
    renamed: dict[str, Any] = {"role": ROLES.get(role, role) if isinstance(role, str) else role}
    if "value" in turn:
        renamed["content"] = turn["value"]
    if "weight" in turn:
        renamed["weight"] = turn["weight"]
    return renamed


def _system(data: Mapping[str, Any]) -> list[Any]:
    system = data.get("system")
    return [{"role": "system", "content": system}] if isinstance(system, str) and system else []


def messages(data: Mapping[str, Any]) -> list[Any]:
    """The turns with OpenAI's names for keys and roles; a `system` beside them comes first."""
    found = data.get(_name(data))
    return _system(data) + [_turn(turn) for turn in found] if isinstance(found, list) else []


def pointer(data: Mapping[str, Any], index: int | None, key: str) -> str:
    """`/conversations/3/value`."""
    if index is None:
        return f"/{_name(data)}"
    index -= len(_system(data))
    if index < 0:
        return "/system"
    found = data[_name(data)]
    renamed = isinstance(found[index], dict) and "from" in found[index]
    return f"/{_name(data)}/{index}" + (f"/{KEYS.get(key, key) if renamed else key}" if key else "")


LAYOUT = Layout(
    "sharegpt",
    "ShareGPT",
    lambda keys: "conversations" in keys or "conversation" in keys,
    messages,
    pointer,
    "sft",
)
