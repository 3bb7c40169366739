"""mistral-finetune's own names: `interactions` for messages, `available_tools` for tools, `text` for content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout, one, system


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield from system(data, "system_prompt")
    turns = data.get("interactions")
    for index, turn in enumerate(turns if isinstance(turns, list) else []):
        pointer = f"/interactions/{index}"
        if isinstance(turn, dict) and "text" in turn and "content" not in turn:
            yield Placed({**turn, "content": turn["text"]}, pointer, {"content": "text"})
        else:
            yield one(turn, pointer)


LAYOUT = layout(
    "mistral", "Mistral interactions", lambda keys: "interactions" in keys, _turns, "sft", root="/interactions"
)
