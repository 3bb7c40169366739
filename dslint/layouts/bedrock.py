"""Amazon Bedrock: `system` beside `messages`, with contents as strings (Claude) or lists of blocks (Converse)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout, one, system

# Converse names a block by its only key.
KINDS = {
    "text": "text",
    "image": "image",
    "video": "video",
    "document": "file",
    "toolUse": "tool_use",
    "toolResult": "tool_result",
    "reasoningContent": "reasoning",
}


def _block(block: Any) -> Any:
    if not isinstance(block, dict) or "type" in block:
        return block
    kind = next((KINDS[key] for key in block if key in KINDS), None)
    return block if kind is None else {"type": kind, **block, **({"file": block} if kind == "file" else {})}


def _turn(turn: Any, pointer: str) -> Placed:
    if not isinstance(turn, dict) or not isinstance(turn.get("content"), list):
        return one(turn, pointer)
    blocks = turn["content"]
    if len(blocks) == 1 and isinstance(blocks[0], dict) and isinstance(blocks[0].get("text"), str):
        return Placed({**turn, "content": blocks[0]["text"]}, pointer, {"content": "content/0/text"})
    return Placed({**turn, "content": [_block(block) for block in blocks]}, pointer)


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield from system(data)
    prompt = data.get("system")
    for index, block in enumerate(prompt if isinstance(prompt, list) else []):
        text = block.get("text") if isinstance(block, dict) else block
        yield Placed({"role": "system", "content": text}, f"/system/{index}/text", None)
    messages = data.get("messages")
    for index, turn in enumerate(messages if isinstance(messages, list) else []):
        yield _turn(turn, f"/messages/{index}")


def _matches(keys: frozenset[str]) -> bool:
    return "messages" in keys and not keys.isdisjoint(("system", "schemaVersion", "toolConfig"))


LAYOUT = layout("bedrock", "Bedrock messages", _matches, _turns, "sft", root="/messages")
