"""Data layouts: how each one maps to chat messages and back to its own JSON pointers.

One module per layout, each with a `LAYOUT`. The first one whose `matches` accepts a record's keys is its layout.
Keys are all that is looked at, so that it is told once for all records with the same ones; where they fit both a
finished conversation and an item without its answer, `ANSWERED` stands among them for the one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from dslint.shapes import canonical_role

ANSWERED = "\0answered"


def nothing(data: Mapping[str, Any]) -> list[Any]:
    """For layouts without turns."""
    return []


# From a turn's number (None: the list of turns) and one of its keys to where that stands in the record. Made once a
# record, not once a finding: a layout that gathers turns from several keys has to go through all of them.
Pointer = Callable[[int | None, str], str]


class Layout(NamedTuple):
    """One way to write a training example.

    `messages(data)` gives the turns in OpenAI terms (`role`, `content`, …), broken ones as they stand;
    `beside(data)` turns that are read but are no part of that conversation (rejected answers, plain text), counted
    on from it; `pointers(data)` the way from their keys back into that record. `trains` is what the layout is for:
    sft, preference, kto, reinforcement, text, or "" where no trainer reads it. A layout that matches no keys by
    itself is used where it is asked for by name.
    """

    name: str
    title: str
    matches: Callable[[frozenset[str]], bool]
    messages: Callable[[Mapping[str, Any]], list[Any]]
    pointers: Callable[[Mapping[str, Any]], Pointer]
    trains: str
    beside: Callable[[Mapping[str, Any]], list[Any]] = nothing


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, the most particular first."""
    from dslint.layouts import (
        alpaca,
        bedrock,
        chat,
        cohere,
        gemini,
        gemini_reinforcement,
        kto,
        message,
        mistral,
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
        bedrock,
        mistral,
        cohere,
        chat,
        sharegpt,
        alpaca,
        prompt_completion,
        gemini_reinforcement,
        gemini,
        message,
        text,
        unknown,
    )
    return tuple(module.LAYOUT for module in ordered)


def detect(keys: Iterable[str]) -> Layout:
    """The layout of a record with these top-level keys (`telling_keys`); the last one accepts anything."""
    names = frozenset(keys)
    return next(layout for layout in layouts() if layout.matches(names))


def telling_keys(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of a record, and ANSWERED where its `messages` or `contents` end with the assistant."""
    messages = data.get("messages", data.get("contents"))
    last = messages[-1] if isinstance(messages, list) and messages else None
    role = last.get("role") if isinstance(last, dict) else None
    answered = isinstance(role, str) and canonical_role(role) == "assistant"
    return (*data, ANSWERED) if answered else tuple(data)


def by_name(name: str) -> Layout | None:
    """The layout of that name, None when there is none."""
    return next((layout for layout in layouts() if layout.name == name), None)
