"""OpenAI chat: `{"messages": [{"role", "content", …}, …], "tools": […]}`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dslint.layouts import Layout, Pointer


def messages(data: Mapping[str, Any]) -> list[Any]:
    """The turns as they stand."""
    found = data.get("messages")
    return found if isinstance(found, list) else []


def pointers(data: Mapping[str, Any]) -> Pointer:
    """`/messages/3/content`."""
    return _pointer


@lru_cache(maxsize=1_000)  # turns have the same places in record after record
def _pointer(index: int | None, key: str) -> str:
    return "/messages" + ("" if index is None else f"/{index}") + (f"/{key}" if key else "")


LAYOUT = Layout("chat", "OpenAI chat", lambda keys: "messages" in keys, messages, pointers, "sft")
