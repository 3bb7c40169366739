"""Cohere: `messages` whose roles are System, User and Chatbot. Its keys are those of chat, so it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout

ROLES = {"System": "system", "User": "user", "Chatbot": "assistant", "Tool": "tool"}


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    messages = data.get("messages")
    for index, turn in enumerate(messages if isinstance(messages, list) else []):
        role = turn.get("role") if isinstance(turn, dict) else None
        known = {**turn, "role": ROLES[role]} if isinstance(role, str) and role in ROLES else turn
        yield Placed(known, f"/messages/{index}")


LAYOUT = layout("cohere", "Cohere messages", lambda keys: False, _turns, "sft", root="/messages")
