from collections.abc import Iterator
from typing import Any

from dslint import Finding, rule
from dslint.shapes import ALIASES, ROLES, Shape

# Keys that hold messages, at the top or, in OpenAI's preference pairs, under `input`.
LISTS = (
    *("messages", "conversations", "interactions", "prompt", "completion"),
    *("chosen", "rejected", "preferred_output", "non_preferred_output", "chosen_messages", "rejected_messages"),
)
SHAREGPT = {"user": "human", "assistant": "gpt"}


def _rename(message: dict[str, Any]) -> None:
    key = "from" if "from" in message else "role"
    role = message.get(key)
    if isinstance(role, str) and role not in ROLES:
        meant = ALIASES.get(role.strip().lower(), role)
        message[key] = SHAREGPT.get(meant, meant) if key == "from" else meant


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """The record with every known alias replaced by its layout's name for the role."""
    asked = data.get("input")
    for place in [data, asked] if isinstance(asked, dict) else [data]:
        for found in map(place.get, LISTS):
            for message in found if isinstance(found, list) else [found]:
                if isinstance(message, dict):
                    _rename(message)
    return data


@rule("MSG103", severity="error", help="use OpenAI's role names", fix=plain)
def role_alias(shape: Shape) -> Iterator[Finding]:
    """A role under another name or in other case: human, gpt, Assistant."""
    for turn in shape.turns:
        if turn.written is not None and turn.written != turn.role:
            yield shape.finding(f"role is {turn.written[:30]!r}, meant is {turn.role!r}", turn, key="role")
