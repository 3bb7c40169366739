"""Layouts: turns lead back to where they stand in the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dslint.records import Record


class Watched(list[Any]):
    """A list that counts how often it is gone through."""

    passes = 0

    def __iter__(self) -> Iterator[Any]:
        self.passes += 1
        return super().__iter__()


def test_a_long_history_is_not_gone_through_for_every_finding() -> None:
    history = Watched([f"question {number}", f"answer {number}"] for number in range(50))
    record = Record({"instruction": "And now?", "input": "", "output": "Done.", "history": history})
    found = [message.finding("found").where.pointer for message in record.messages]
    assert found[:2] == ["/history/0/0", "/history/0/1"]
    assert found[-2:] == ["/instruction", "/output"]
    assert history.passes == 2  # once for the turns, once for their places


def test_an_item_with_a_question_and_its_answer_is_two_turns() -> None:
    items = [{"human": "Hi", "assistant": "Hello."}, {"assistant": "On Monday.", "human": "When?"}]
    record = Record({"conversation": items, "system": "Be brief."})
    found = [(message.role, message.text, record.pointer(message.index, "content")) for message in record.messages]
    assert found == [
        ("system", "Be brief.", "/system"),
        ("user", "Hi", "/conversation/0/human"),
        ("assistant", "Hello.", "/conversation/0/assistant"),
        ("user", "When?", "/conversation/1/human"),
        ("assistant", "On Monday.", "/conversation/1/assistant"),
    ]


def test_items_of_both_kinds_keep_their_places() -> None:
    items = [{"human": "Hi", "assistant": "Hello."}, {"from": "human", "value": "When?"}, {"human": "Hi"}, 7]
    record = Record({"conversations": items})
    places = [record.pointer(index, "content") for index in range(len(record.turns))]
    assert places[:3] == ["/conversations/0/human", "/conversations/0/assistant", "/conversations/1/value"]
    assert record.turns[3:] == items[2:]
    assert record.pointer(None, "") == "/conversations"
