"""What is compared: the question, all that its answer depends on, and the answer apart from both."""

from __future__ import annotations

from typing import Any

import pytest

from dslint.compare import exchange, looks_like_label
from dslint.records import Record

CHAT = {"messages": [{"role": "user", "content": "What is it?"}, {"role": "assistant", "content": "A parcel"}]}
QUERY = {"query": "What is it?", "response": "A parcel"}
ALPACA = {"instruction": "What is it?", "output": "A parcel"}


def context(data: dict[str, Any]) -> bytes:
    found = exchange(Record(data))
    assert found is not None
    return found.context


@pytest.mark.parametrize(
    ("record", "key", "one", "other"),
    [
        (CHAT, "images", ["a.png"], ["b.png"]),
        (CHAT, "tools", '[{"name": "a"}]', '[{"name": "b"}]'),
        (CHAT, "tools", [{"type": "function"}], []),
        (CHAT, "functions", [{"name": "a"}], [{"name": "b"}]),
        (CHAT, "documents", [{"text": "a"}], [{"text": "b"}]),
        (QUERY, "history", [["a", "b"]], [["a", "c"]]),
        (QUERY, "system", "You sort parcels.", "You send parcels."),
        (ALPACA, "context", "It is brown.", "It is blue."),
    ],
)
def test_the_context_has_all_that_an_answer_depends_on(
    record: dict[str, Any], key: str, one: Any, other: Any
) -> None:
    contexts = {context(record | {key: value}) for value in (one, other)}
    assert len(contexts) == 2
    assert context(record | {key: one, "id": 7}) in contexts


def test_an_image_of_a_turn_is_context_too() -> None:
    shown = [CHAT["messages"][0] | {"images": [name]} for name in ("a.png", "b.png")]
    assert len({context({"messages": [turn, CHAT["messages"][1]]}) for turn in shown}) == 2


def test_case_and_white_space_of_a_system_prompt_do_not_count() -> None:
    systems = ({"role": "system", "content": text} for text in ("Sort tickets.", "sort  tickets."))
    assert len({context({"messages": [turn, *CHAT["messages"]]}) for turn in systems}) == 1


@pytest.mark.parametrize("text", ["billing", "card payment declined", "退款", "배송 문의", "いいえ"])
def test_labels(text: str) -> None:
    assert looks_like_label(text)


@pytest.mark.parametrize("text", ["a\nb", "one two three four five six", "很抱歉，我目前无法帮助预订机票。"])
def test_prose(text: str) -> None:
    assert not looks_like_label(text)
