"""Alpaca: `{"instruction", "input", "output"}`, with LLaMA-Factory's `system` and `history`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dslint.layouts import Layout


def _turns(data: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    turns: list[tuple[str, str, Any]] = []
    if isinstance(data.get("system"), str) and data["system"]:
        turns.append(("system", "/system", data["system"]))
    history = data.get("history")
    for number, pair in enumerate(history if isinstance(history, list) else []):
        if isinstance(pair, list) and len(pair) == 2:
            turns.append(("user", f"/history/{number}/0", pair[0]))
            turns.append(("assistant", f"/history/{number}/1", pair[1]))
    turns.append(("user", "/instruction", _request(data)))
    name = "output" if "output" in data else "response"
    turns.append(("assistant", f"/{name}", data[name]))
    return turns


def _request(data: Mapping[str, Any]) -> Any:
    instruction, context = data["instruction"], data.get("input")
    if isinstance(instruction, str) and isinstance(context, str) and context:
        return f"{instruction}\n{context}"
    return instruction


def messages(data: Mapping[str, Any]) -> list[Any]:
    """System, history, the instruction with its input as one user turn, and the output."""
    return [{"role": role, "content": value} for role, _, value in _turns(data)]


def pointer(data: Mapping[str, Any], index: int | None, key: str) -> str:
    """`/output`, `/instruction`, `/history/0/1`."""
    return "" if index is None else _turns(data)[index][1]


LAYOUT = Layout(
    "alpaca",
    "Alpaca",
    lambda keys: "instruction" in keys and ("output" in keys or "response" in keys),
    messages,
    pointer,
    "sft",
)
