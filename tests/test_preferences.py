"""Laws of the rules over preference data, labels, items for graders, and keys of records."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from arbitrary import anything, messages, turns
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.config import Config
from dslint.dataset import File
from dslint.engine import Plan, judge_file
from dslint.findings import Finding
from dslint.mapper import Mapper
from dslint.records import Record
from dslint.selection import select

# Everything that is silent by default, switched on.
OPTIONS: dict[str, dict[str, Any]] = {
    "extra-key": {"allowed": ["messages"]},
    "wrong-layout": {"layouts": ["cohere"]},
    "file-too-large": {"max-bytes": 1},
    "wrong-extension": {"extensions": [".json"]},
    "mixed-content-kinds": {"allowed": False},
    "unaccepted-role": {"roles": ["user"]},
    "unaccepted-content": {"form": "text"},
    "too-few-messages": {"min-messages": 9},
    "odd-turn-count": {"allowed": False},
    "media-in-preference": {"allowed": False},
    "nothing-to-grade": {"fields": ["reference_answer"]},
    "one-sided-labels": {"min-records": 1},
    "constant-reference": {"min-records": 1},
    "length-bias": {"min-pairs": 1},
    "key-drift": {"min-records": 1, "max-share": 0.5},
    "date-like-column": {"min-records": 1},
}
PLAN = Plan(select(Config(select=("PRF", "REC", "MSG"), isolated=True, options=OPTIONS)))
PLAIN = Plan(select(Config(select=("PRF", "REC", "MSG"), isolated=True)))

sides = st.one_of(turns, messages, st.text(max_size=5))
outputs = st.sampled_from(("preferred_output", "non_preferred_output", "preferred_completion"))
candidates = st.one_of(anything, st.lists(st.fixed_dictionaries({"preferenceLabel": anything})))
details = st.one_of(anything, st.lists(st.fixed_dictionaries({"begin_offset": anything, "end_offset": anything})))
odd_messages = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant"])},
    optional={
        "content": anything,
        "candidates": candidates,
        "train_detail": details,
        "refusal": anything,
        "a/~": anything,
    },
)
pairs = st.one_of(
    st.builds(
        lambda given, rest: {"input": given, **rest},
        st.one_of(anything, st.fixed_dictionaries({"messages": turns})),
        st.dictionaries(outputs, sides, min_size=1),
    ),
    st.fixed_dictionaries({"chosen": sides, "rejected": sides}, optional={"prompt": sides, "conversations": turns}),
    st.fixed_dictionaries({"rejected_response": sides}, optional={"messages": turns, "response": anything}),
    st.fixed_dictionaries({"rejected_messages": turns}, optional={"messages": turns, "chosen_messages": turns}),
    st.fixed_dictionaries({"prompt": sides, "completion": sides, "label": anything}),
    st.fixed_dictionaries({"messages": turns, "kto_tag": anything}),
    st.fixed_dictionaries({"messages": turns}, optional={"reference_answer": anything, "answer": anything}),
    st.fixed_dictionaries({"messages": st.lists(odd_messages, max_size=4)}, optional={"system": anything}),
    st.dictionaries(st.text(alphabet="abx/~\n ", max_size=4), anything),
)


def findings(*records: Any, plan: Plan = PLAN) -> list[Finding]:
    mapped = Mapper(plan, File("data.jsonl", "train")).map(
        [json.dumps(record).encode() + b"\n" for record in records]
    )
    assert mapped.crashes == []
    found = mapped.findings + judge_file(plan, mapped)
    assert mapped.crashes == []
    return found


def codes(*records: Any) -> set[str]:
    return {finding.code for finding in findings(*records, plan=PLAIN)}


def lookup(record: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        record = record[int(key)] if isinstance(record, list) else record[key]
    return record


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.lists(pairs, min_size=1, max_size=5))
def test_no_record_makes_a_rule_raise_and_every_pointer_leads_somewhere(records: list[Any]) -> None:
    for finding in findings(*records):
        if finding.where.line and finding.code.startswith("PRF"):
            lookup(records[finding.where.line - 1], finding.where.pointer)
        assert len(finding.message) <= 90


def written(chosen: str, rejected: str) -> list[dict[str, Any]]:
    """The same pair in every layout of pairs."""
    asked = {"role": "user", "content": "Name a fruit."}
    good, bad = ({"role": "assistant", "content": text} for text in (chosen, rejected))
    return [
        {"prompt": "Name a fruit.", "chosen": chosen, "rejected": rejected},
        {"prompt": [asked], "chosen": [good], "rejected": [bad]},
        {"chosen": [asked, good], "rejected": [asked, bad]},
        {"instruction": "Name a fruit.", "chosen": chosen, "rejected": rejected},
        {"input": {"messages": [asked]}, "preferred_output": [good], "non_preferred_output": [bad]},
        {"messages": [asked, good], "rejected_response": rejected},
        {"messages": [asked, good], "rejected_messages": [asked, bad]},
        {"chosen_messages": [asked, good], "rejected_messages": [asked, bad]},
        {"query": "Name a fruit.", "chosen": chosen, "rejected": rejected},
        {
            "conversations": [{"from": "human", "value": "Name a fruit."}],
            "chosen": {"from": "gpt", "value": chosen},
            "rejected": {"from": "gpt", "value": rejected},
        },
    ]


@pytest.mark.parametrize("layout", range(10))
@pytest.mark.parametrize(
    ("chosen", "rejected", "expected"),
    [
        ("Apple.", "Leek.", set()),
        ("Apple.", "Apple.", {"PRF104"}),
        ("Apple.", " Apple.\n", {"PRF104"}),
        ("Apple.", "", {"PRF103"}),
        ("Apple.", "  ", {"PRF103"}),
        ("", "Leek.", {"MSG107"}),
    ],
)
def test_every_layout_of_a_pair_is_judged_alike(
    layout: int, chosen: str, rejected: str, expected: set[str]
) -> None:
    assert codes(written(chosen, rejected)[layout]) == expected


def test_half_a_pair_is_told_once() -> None:
    assert codes({"prompt": "Q", "chosen": "A"}) == codes({"prompt": "Q", "rejected": "A"}) == {"PRF103"}
    assert codes({"chosen_messages": [{"role": "assistant", "content": "A"}], "prompt": "Q"}) == {"PRF103"}
    assert codes({"prompt": "Q", "chosen": "A", "rejcted": "B"}) == {"REC110"}
    assert not codes({"prompt": "Q", "response": "A", "rejected": False})


@pytest.mark.parametrize(
    ("record", "layout"),
    [
        ({"messages": [{"role": "user"}, {"role": "assistant"}], "answer": "4"}, "chat"),
        ({"messages": [{"role": "user"}, {"role": "Assistant"}], "solution": "4", "target": 4}, "chat"),
        ({"messages": [{"role": "user"}, {"role": "assistant"}, {"role": "user"}], "answer": "4"}, "reinforcement"),
        ({"messages": [{"role": "user"}], "answer": "4"}, "reinforcement"),
        ({"messages": [], "answer": "4"}, "reinforcement"),
        ({"messages": [{"role": "user"}, {"role": "assistant"}], "reference_answer": "4"}, "reinforcement"),
        ({"messages": [{"role": "user"}, {"role": "assistant"}], "answer": "4", "system": "S"}, "bedrock"),
        ({"contents": [{"role": "user"}], "references": {"answer": "4"}}, "gemini-reinforcement"),
        ({"contents": [{"role": "user"}, {"role": "model"}], "references": {"answer": "4"}}, "gemini"),
    ],
)
def test_a_finished_conversation_is_no_item_for_a_grader(record: dict[str, Any], layout: str) -> None:
    other = {"messages": [{"role": "user"}], "answer": "4"}
    lines = [json.dumps(one).encode() + b"\n" for one in (other, record)]
    counted = Mapper(PLAIN, File("data.jsonl", "train")).map(lines).file.layouts
    assert counted - Counter(["reinforcement"]) == Counter([layout])
    assert Record(record).layout.name == layout


@given(sides, sides)
def test_which_side_is_preferred_does_not_matter_to_being_the_same(one: Any, other: Any) -> None:
    found, turned = (
        "PRF104" in codes({"prompt": "Q", "chosen": first, "rejected": second})
        for first, second in ((one, other), (other, one))
    )
    assert found == turned


@given(st.integers(0, 30), st.integers(1, 30))
def test_a_key_drifts_when_few_records_have_or_lack_it(having: int, lacking: int) -> None:
    with_key: dict[str, Any] = {"prompt": "Q", "completion": "A", "id": 1}
    without = {"prompt": "Q", "completion": "A"}
    total, few = having + lacking, min(having, lacking)
    expected = total >= 10 and 0 < few <= 0.1 * total
    assert ("REC106" in codes(*[with_key] * having, *[without] * lacking)) == expected


def test_valid_records_are_not_accused() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    asked = {"role": "user", "name": "guest_1", "content": [{"type": "text", "text": "Weather?"}]}
    called = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call], "weight": 1}
    tools = [{"type": "function", "function": {"name": "weather"}}]
    assert not codes({"messages": [{"role": "developer", "content": "Be brief."}, asked, called], "tools": tools})
    assert not codes({"messages": [asked], "reference_answer": "sun", "rubric": "brief"})
    assert not codes(
        {"messages": [asked, {"role": "assistant", "content": "Sun."}], "answer": "sun", "solution": "x"}
    )
    assert not codes(
        {"prompt": "Q", "completion": "A", "label": True}, {"prompt": "Q", "completion": "B", "label": False}
    )
