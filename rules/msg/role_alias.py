from collections.abc import Iterator
from typing import Any

from dslint import Finding, rule
from dslint.shapes import ALIASES, ROLES, Shape


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """The record with every known alias replaced by the role it stands for."""
    messages = data.get("messages")
    for message in messages if isinstance(messages, list) else []:
        role = message.get("role") if isinstance(message, dict) else None
        if isinstance(role, str) and role not in ROLES:
            message["role"] = ALIASES.get(role.strip().lower(), role)
    return data


@rule("MSG103", severity="error", help="use OpenAI's role names", fix=plain)
def role_alias(shape: Shape) -> Iterator[Finding]:
    """A role under another name or in other case: human, gpt, Assistant."""
    for turn in shape.turns:
        role = None if turn.role in ROLES or turn.role is None else ALIASES.get(turn.role.strip().lower())
        if role is not None and turn.role is not None:
            yield shape.finding(f"role is {turn.role[:30]!r}, meant is {role!r}", turn, key="role")
