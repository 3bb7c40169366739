"""Alpaca: `{"instruction", "input", "output"}`, with LLaMA-Factory's `system` and `history`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout, system


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield from asked(data)
    name = "output" if "output" in data else "response"
    yield Placed({"role": "assistant", "content": data.get(name)}, f"/{name}", None)


def asked(data: Mapping[str, Any]) -> Iterator[Placed]:
    """System, history, and the instruction with its input as one user turn."""
    yield from system(data)
    history = data.get("history")
    for number, pair in enumerate(history if isinstance(history, list) else []):
        if isinstance(pair, list) and len(pair) == 2:
            yield Placed({"role": "user", "content": pair[0]}, f"/history/{number}/0", None)
            yield Placed({"role": "assistant", "content": pair[1]}, f"/history/{number}/1", None)
    yield Placed({"role": "user", "content": _request(data)}, "/instruction", None)


def _request(data: Mapping[str, Any]) -> Any:
    instruction, context = data.get("instruction"), data.get("input")
    if isinstance(instruction, str) and isinstance(context, str) and context:
        return f"{instruction}\n{context}"
    return instruction


def _matches(keys: frozenset[str]) -> bool:
    return "instruction" in keys and ("output" in keys or "response" in keys)


LAYOUT = layout("alpaca", "Alpaca", _matches, _turns, "sft")
