"""Unpaired preferences (KTO): a completion and whether it was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts import alpaca
from dslint.layouts.placed import Placed, layout, said


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    if "instruction" in data:
        yield from alpaca.asked(data)
    for key, role in (
        ("prompt", "user"),
        ("messages", "user"),
        ("conversations", "user"),
        ("completion", "assistant"),
        ("output", "assistant"),
    ):
        if key in data:
            yield from said(data[key], role, f"/{key}")


def _matches(keys: frozenset[str]) -> bool:
    return "kto_tag" in keys or {"prompt", "completion", "label"} <= keys


LAYOUT = layout("kto", "KTO", _matches, _turns, "kto")
