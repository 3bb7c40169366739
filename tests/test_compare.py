"""What is compared: the question, all that its answer depends on, and the answer apart from both."""

from __future__ import annotations

from typing import Any

import pytest

from dslint.compare import by_question, by_turn
from dslint.exchanges import exchange, looks_like_label
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


def said(*texts: str, **last: Any) -> dict[str, Any]:
    roles = ("user", "assistant") * len(texts)
    turns = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
    turns[-1] |= last
    return {"messages": turns}


@pytest.mark.parametrize("beside", [{}, {"tools": [{"type": "function"}]}, {"system": "Be brief."}])
def test_every_trained_turn_is_compared_as_if_the_record_ended_there(beside: dict[str, Any]) -> None:
    texts = ("a?", "A", "b?", "B", "c?", "C")
    whole = {key for key, _ in by_turn(Record(said(*texts) | beside))}
    parts = {key for end in (2, 4, 6) for key, _ in by_question(Record(said(*texts[:end]) | beside))}
    assert whole == parts
    assert len(whole) == 3


def test_a_turn_that_is_not_trained_is_not_compared() -> None:
    record = said("a?", "A", "b?", "B", weight=0)
    assert len(list(by_turn(Record(record)))) == 1
    record["messages"][1]["weight"] = 0
    assert list(by_turn(Record(record))) == []
    assert len(list(by_turn(Record(QUERY | {"history": [["a?", "A"]]})))) == 1


def test_an_item_to_sample_from_has_no_answers_before_its_last() -> None:
    record = said("a?", "A", "b?", "B", "c?") | {"reference_answer": "C"}
    assert len(list(by_turn(Record(record)))) == 1
