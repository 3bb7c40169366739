"""ShareGPT: `{"conversations": [{"from": "human", "value": …}, …]}`.

ms-swift also reads a question and its answer in one item: `{"conversation": [{"human": …, "assistant": …}, …]}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts import Layout, Pointer
from dslint.layouts.placed import SHAREGPT_ROLES, Placed, in_openai_terms, one, system

# The keys that ms-swift reads in one item; checked 2026-11-21 in
# https://github.com/modelscope/ms-swift/blob/main/swift/llm/dataset/preprocessor/core.py
PAIRS = {
    frozenset((asked, answered)): (asked, answered)
    for asked in ("human", "user", "tool")
    for answered in ("assistant", "gpt", "bot")
}


def _name(data: Mapping[str, Any]) -> str:
    return "conversations" if "conversations" in data else "conversation"


def _pair(item: Any) -> tuple[str, ...]:
    """The two keys of an item that holds a question and its answer; of any other none."""
    return PAIRS.get(frozenset(item), ()) if isinstance(item, dict) and len(item) == 2 else ()


def messages(data: Mapping[str, Any]) -> list[Any]:
    """The turns with OpenAI's names for keys and roles; a `system` beside them comes first."""
    found = data.get(_name(data))
    turns = [placed.turn for placed in system(data)] if isinstance(found, list) else []
    for item in found if isinstance(found, list) else []:
        if isinstance(item, dict) and "from" in item:
            turns.append(in_openai_terms(item))
        else:
            turns += [placed.turn for placed in _placed(item, "")]
    return turns


def _placed(item: Any, pointer: str) -> Iterator[Placed]:
    keys = _pair(item)
    for key in keys:
        yield Placed({"role": SHAREGPT_ROLES.get(key, key), "content": item[key]}, f"{pointer}/{key}", None)
    if not keys:
        yield one(item, pointer)


def pointers(data: Mapping[str, Any]) -> Pointer:
    """`/conversations/3/value`, `/conversation/3/human`."""
    found, root = data.get(_name(data)), f"/{_name(data)}"
    placed = [*system(data)]
    for index, item in enumerate(found if isinstance(found, list) else []):
        placed += _placed(item, f"{root}/{index}")
    return lambda index, key: root if index is None else placed[index].at(key)


LAYOUT = Layout(
    "sharegpt",
    "ShareGPT",
    lambda keys: "conversations" in keys or "conversation" in keys,
    messages,
    pointers,
    "sft",
)
