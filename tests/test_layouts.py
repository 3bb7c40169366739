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
