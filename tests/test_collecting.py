"""Facts are the same whether records are looked at one by one or many at a time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.collecting import Batch, Collector, Columns, collected
from dslint.compare import by_line, by_question, by_text, by_turn
from dslint.exchanges import exchange
from dslint.findings import REFERENCE
from dslint.records import Record
from dslint.shapes import ALIASES

TEXTS = st.sampled_from(["Where is it?", "where  IS it?", "billing", "", " ", "ja\u3000nein", "\ud800"])
ROLES = st.sampled_from([*ALIASES, "nobody"])
PLAIN = st.fixed_dictionaries({"role": ROLES, "content": TEXTS})
ODD = st.sampled_from([7, {}, {"role": 1, "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "x"}]}])
MORE = st.fixed_dictionaries({"role": ROLES, "content": st.just([{"type": "image"}]), "weight": st.integers(0, 1)})
CHATS = st.lists(PLAIN | ODD | MORE, max_size=7).map(lambda turns: {"messages": turns})
OTHERS = st.sampled_from(
    [
        {},
        {"text": "a"},
        {"role": "user", "content": "a"},
        {"instruction": "Where is it?", "output": "billing"},
        {"prompt": "a", "chosen": "b", "rejected": "c"},
    ]
)
BESIDE = st.sampled_from([{}, {"tools": [{"type": "function"}]}, {"system": "Be brief."}])
DATA = st.builds(lambda data, beside: data | beside, CHATS | OTHERS, BESIDE)


def records(found: list[dict[str, Any]], role: str = "") -> list[Record]:
    return [
        Record(data, f"{data}".encode(), "data.jsonl", line, file_role=role) for line, data in enumerate(found, 1)
    ]


@pytest.mark.parametrize("collector", [by_line, by_question, by_text, by_turn])
@given(found=st.lists(DATA, max_size=6), role=st.sampled_from(["", REFERENCE]))
def test_many_records_give_what_each_gives(collector: Collector, found: list[dict[str, Any]], role: str) -> None:
    together = collector.columns(Batch(records(found, role)))
    one_by_one = [(record.line, *fact) for record in records(found, role) for fact in collector(record)]
    assert list(zip(*together, strict=True)) == one_by_one


@given(st.lists(PLAIN, max_size=7))
def test_of_turns_with_nothing_but_a_text_the_exchange_is_found_sooner(turns: list[dict[str, Any]]) -> None:
    assert exchange(Record({"messages": turns})) == exchange(Record({"messages": turns, "id": 7}))


def test_a_record_that_a_collector_fails_on_costs_no_other_its_facts() -> None:
    @Collector
    def by_answer(batch: Batch) -> Columns:
        answers = [record.data["answer"].encode() for record in batch.records]
        return Columns([record.line for record in batch.records], answers, [b""] * len(answers))

    failed = []
    batch = Batch(records([{"answer": "a"}, {"answer": 7}, {}, {"answer": "b"}]))
    found = collected(by_answer, batch, lambda _, record, error: failed.append((record.line, type(error))))
    assert found.lines == (1, 4)
    assert found.keys == (b"a", b"b")
    assert failed == [(2, AttributeError), (3, KeyError)]
