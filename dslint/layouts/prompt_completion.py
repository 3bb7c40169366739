"""Prompt and completion, and the pairs that mean the same (question/answer, input/output …)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dslint.layouts import Layout

PAIRS = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("question", "answer"),
    ("input", "output"),
    ("query", "response"),
    ("query", "answer"),
)


def _pair(data: Mapping[str, Any] | frozenset[str]) -> tuple[str, str] | None:
    return next((pair for pair in PAIRS if pair[0] in data and pair[1] in data), None)


def _turns(value: Any, role: str) -> list[Any]:
    return value if isinstance(value, list) else [{"role": role, "content": value}]


def messages(data: Mapping[str, Any]) -> list[Any]:
    """The prompt as a user turn and the completion as an assistant turn; lists of messages as they stand."""
    pair = _pair(data)
    if pair is None:
        return []
    return _turns(data[pair[0]], "user") + _turns(data[pair[1]], "assistant")


def pointer(data: Mapping[str, Any], index: int | None, key: str) -> str:
    """`/completion`, or `/completion/0/content` in a conversational record."""
    pair = _pair(data)
    if pair is None or index is None:
        return ""
    for name in pair:
        value = data[name]
        count = len(value) if isinstance(value, list) else 1
        if index < count:
            inside = f"/{index}" + (f"/{key}" if key else "")
            return f"/{name}" + (inside if isinstance(value, list) else "")
        index -= count
    return ""


LAYOUT = Layout(
    "prompt-completion",
    "prompt and completion",
    lambda keys: _pair(keys) is not None,
    messages,
    pointer,
    "sft",
)
