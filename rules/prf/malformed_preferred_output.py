from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.preferences import Side, is_preference, whole_sides
from dslint.shapes import ROLES, kind_of


def _kind(value: object) -> str:
    return {"parts": "a list", "object": "an object"}.get(kind_of(value), kind_of(value))


@rule(
    "PRF102",
    severity="error",
    help="write each output as a list of one assistant message",
    gate=is_preference,
)
def malformed_preferred_output(
    record: Record, *, tool_turns: Annotated[bool, "let several turns pass, tool results among them"] = False
) -> Iterator[Finding]:
    """An output of an OpenAI-style pair that is not a list of one assistant message."""
    if not isinstance(record.data.get("input"), dict):
        return
    for side, counted in zip(whole_sides(record), (True, False), strict=True):
        for message, pointer in _faults(side, counted, tool_turns):
            yield record.finding(message, pointer=pointer)


def _faults(side: Side, counted: bool, tool_turns: bool) -> Iterator[tuple[str, str]]:
    """(message, pointer); `counted` says that the rules over messages speak of this side's turns too."""
    key, value = side.key, side.value
    if not isinstance(value, list):
        told = counted and not (isinstance(value, str) or (isinstance(value, dict) and "role" in value))
        if value is not None and value != "" and not told:
            yield f"{key} is {_kind(value)}, not a list of one message", side.pointer
        return
    if len(value) > 1 and not tool_turns:
        yield f"{key} holds {len(value):,} messages, not one", side.pointer
        return
    wanted = ("assistant", "tool") if tool_turns else ("assistant",)
    for place, turn in enumerate(value):
        role = turn.get("role") if isinstance(turn, dict) else None
        if not isinstance(turn, dict):
            if not counted:
                yield f"message in {key} is {_kind(turn)}, not an object", f"{side.pointer}/{place}"
        elif not isinstance(role, str) or role not in ROLES:
            if not counted:
                yield f"message in {key} has no role of OpenAI's", f"{side.pointer}/{place}"
        elif role not in wanted:
            yield f"message in {key} is {role}, not assistant", f"{side.pointer}/{place}/role"
