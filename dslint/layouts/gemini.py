"""Google's `contents`: turns with `parts`, the assistant called `model`, a `systemInstruction` beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import SAME, Placed, layout

ROLES = {"model": "assistant", "function": "tool"}
KINDS = {"fileData": "file", "inlineData": "file", "functionCall": "tool_use", "functionResponse": "tool_result"}
SYSTEM = ("systemInstruction", "system_instruction")


def _part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if "text" in part:
        return {"type": "text", "text": part["text"]}
    kind = next((KINDS[key] for key in part if key in KINDS), "")
    return {"type": kind, **part, "file": part} if kind else part


def _turn(turn: Any, role: str, pointer: str) -> Placed:
    if not isinstance(turn, dict):
        return Placed(turn, pointer)
    given = turn.get("role", role)
    renamed = {"role": ROLES.get(given, given) if isinstance(given, str) else given}
    parts = turn.get("parts")
    if isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], dict) and "text" in parts[0]:
        return Placed({**renamed, "content": parts[0]["text"]}, pointer, {"content": "parts/0/text"})
    if "parts" in turn:
        renamed["content"] = [_part(part) for part in parts] if isinstance(parts, list) else parts
    return Placed(renamed, pointer, {"content": "parts"} if "parts" in turn else SAME)


def turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    """The system instruction and the contents."""
    for key in SYSTEM:
        if key in data:
            placed = _turn(data[key], "system", f"/{key}")
            if isinstance(placed.turn, dict):  # its role, if any, is ignored
                placed = placed._replace(turn={**placed.turn, "role": "system"})
            yield placed
    contents = data.get("contents")
    for index, turn in enumerate(contents if isinstance(contents, list) else []):
        yield _turn(turn, "user", f"/contents/{index}")


LAYOUT = layout("gemini", "Gemini contents", lambda keys: "contents" in keys, turns, "sft", root="/contents")
