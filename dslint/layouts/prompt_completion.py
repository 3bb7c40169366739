"""Prompt and completion, and the pairs that mean the same (question/answer, input/output …)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout, said

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


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    pair = _pair(data)
    if pair is not None:
        yield from said(data[pair[0]], "user", f"/{pair[0]}")
        yield from said(data[pair[1]], "assistant", f"/{pair[1]}")


LAYOUT = layout("prompt-completion", "prompt and completion", lambda keys: _pair(keys) is not None, _turns, "sft")
