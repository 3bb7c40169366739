"""Data layouts: how each one maps to chat messages and back to its own JSON pointers.

One module per layout, each with a `LAYOUT`. The first one whose `matches` accepts a record's keys is its layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple


class Layout(NamedTuple):
    """One way to write a training example.

    `messages(data)` gives the turns in OpenAI terms (`role`, `content`, …), broken ones as they stand;
    `pointer(data, index, key)` leads from a turn's key back into the record (`index` None: the list of turns).
    `trains` is what the layout is for: sft, preference, reinforcement or text.
    """

    name: str
    title: str
    matches: Callable[[frozenset[str]], bool]
    messages: Callable[[Mapping[str, Any]], list[Any]]
    pointer: Callable[[Mapping[str, Any], int | None, str], str]
    trains: str


def layouts() -> tuple[Layout, ...]:
    """All layouts, the most particular first."""
    from dslint.layouts import (
        alpaca,
        chat,
        contents,
        kto,
        message,
        preference,
        prompt_completion,
        reinforcement,
        sharegpt,
        text,
        unknown,
    )

    ordered = (
        preference,
        kto,
        reinforcement,
        chat,
        sharegpt,
        alpaca,
        prompt_completion,
        contents,
        message,
        text,
        unknown,
    )
    return tuple(module.LAYOUT for module in ordered)


def detect(keys: Iterable[str]) -> Layout:
    """The layout of a record with these top-level keys; the last one accepts anything."""
    names = frozenset(keys)
    return next(layout for layout in layouts() if layout.matches(names))


def no_messages(data: Mapping[str, Any]) -> list[Any]:
    """For layouts that hold no conversation."""
    return []


def root_pointer(data: Mapping[str, Any], index: int | None, key: str) -> str:
    """For layouts without turns: the record itself."""
    return ""
