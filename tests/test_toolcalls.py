"""Rules over tools: quiet on what is sound, never upset by what is not, and repairs that add no finding."""

from __future__ import annotations

import json
from typing import Any

import pytest
from arbitrary import anything
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dslint.dataset import File
from dslint.decode import decode
from dslint.engine import Plan
from dslint.fixes import fix_line
from dslint.layouts import detect
from dslint.loader import load
from dslint.mapper import Mapper
from dslint.records import Record
from dslint.ruledef import Rule
from dslint.shapes import shape_of, turn_key
from dslint.tooldefs import tools
from dslint.tooluse import used_soundly

RULES = [rule for rule in load(isolated=True).values() if rule.family == "TOL"]
STRICT = {
    "unsupported-tools": {"supported": False},
    "content-beside-tool-call": {"allowed": False},
    "tool-call-id-format": {"pattern": "[a-zA-Z0-9]{9}"},
    "tool-without-description": {"required": True},
    "too-many-tools": {"max-tools": 1},
    "wrong-argument-form": {"form": "object"},
}
ALL_ON = [rule.configure(STRICT.get(rule.name, {})) for rule in RULES]
record_rule = pytest.mark.parametrize(
    "rule", [rule for rule in ALL_ON if rule.subject == "record"], ids=lambda rule: rule.name
)
fixing = pytest.mark.parametrize("rule", [rule for rule in RULES if rule.fix], ids=lambda rule: rule.name)

names = st.one_of(st.sampled_from(["weather", "now", "get weather", ""]), anything)
given_arguments = st.one_of(
    st.sampled_from(['{"city": "Bern"}', "{}", "", "{'a': 1}", '"{}"', '["x"]', '{"a": NaN}', '{"a":']), anything
)
functions = st.one_of(
    anything, st.fixed_dictionaries({}, optional={"name": names, "arguments": given_arguments, "odd": anything})
)
schemas = st.one_of(
    anything,
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "dict", "string", None]),
            "properties": st.dictionaries(st.sampled_from(["city", "a/b", ""]), anything, max_size=2),
            "required": st.sampled_from([["city"], True, "city"]),
            "pattern": st.sampled_from(["(", "(?=a)", "a"]),
            "$ref": st.sampled_from(["#", "#/properties/city", "https://example.com/x"]),
        },
    ),
)
definitions = st.one_of(
    anything,
    st.fixed_dictionaries({}, optional={"name": names, "description": anything, "parameters": schemas}),
)
tool_lists = st.one_of(
    anything,
    st.lists(
        st.one_of(
            definitions, st.fixed_dictionaries({"function": definitions}, optional={"type": st.just("function")})
        ),
        max_size=3,
    ),
)
ids = st.one_of(st.sampled_from(["call_1", "call_2", ""]), anything)
calls = st.one_of(
    anything, st.fixed_dictionaries({}, optional={"id": ids, "type": st.just("function"), "function": functions})
)
messages = st.one_of(
    anything,
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "tool", "function", None])},
        optional={
            "content": st.sampled_from(["hi", None, [], [{"type": "text", "text": "hi"}]]),
            "tool_calls": st.one_of(anything, st.lists(calls, max_size=3)),
            "function_call": functions,
            "tool_call_id": ids,
        },
    ),
)
shared = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["human", "gpt", "function_call", "observation", None]),
        "value": st.one_of(anything, functions.map(json.dumps), st.lists(functions, max_size=2).map(json.dumps)),
    }
)
turns = st.lists(messages, max_size=5)
beside = {"tools": st.one_of(tool_lists, tool_lists.map(json.dumps)), "functions": tool_lists}
records = st.one_of(
    st.fixed_dictionaries({"messages": turns}, optional=beside | {"parallel_tool_calls": anything}),
    st.fixed_dictionaries({"interactions": turns}, optional={"available_tools": tool_lists}),
    st.fixed_dictionaries(
        {
            "input": st.fixed_dictionaries(
                {"messages": turns}, optional={"tools": tool_lists, "parallel_tool_calls": anything}
            ),
            "preferred_output": turns,
            "non_preferred_output": turns,
        }
    ),
    st.fixed_dictionaries(
        {"conversations": st.lists(st.one_of(shared, messages), max_size=4)}, optional=beside | {"system": anything}
    ),
)


def findings(data: dict[str, Any], rules: list[Rule]) -> list[tuple[str, str]]:
    """(code, pointer) of everything the rules find."""
    mapped = Mapper(Plan(rules), File("data.jsonl", "train")).map([json.dumps(data).encode() + b"\n"])
    assert not mapped.crashes
    return [(finding.code, finding.where.pointer) for finding in mapped.findings]


def resolves(data: Any, pointer: str) -> bool:
    """Whether the pointer leads to a value, or to a key that its object lacks."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for token in tokens:
        if isinstance(data, list) and token.isdigit() and int(token) < len(data):
            data = data[int(token)]
        elif isinstance(data, dict):
            if token not in data:
                return token == tokens[-1]
            data = data[token]
        else:
            return False
    return True


@settings(max_examples=300)
@given(data=records)
def test_every_finding_stands_in_the_record(data: dict[str, Any]) -> None:
    for code, pointer in findings(data, ALL_ON):
        assert resolves(data, pointer), (code, pointer)


@record_rule
@settings(max_examples=100)
@given(data=records)
def test_a_gate_holds_nothing_back(rule: Rule, data: dict[str, Any]) -> None:
    layout = detect(data)
    shape = shape_of(tuple(map(turn_key, layout.messages(data))), layout.trains, data, layout.name)
    assert callable(rule.gate)
    let_in = rule.bound(rule.gate)(shape if rule.gated_by == "shape" else tools(Record(data)))
    if not let_in or (rule.unless is not None and rule.bound(rule.unless)(Record(data))):
        assert not list(rule.check(Record(data), **rule.settings) or ())


@st.composite
def nearly_sound(draw: st.DrawFn) -> dict[str, Any]:
    """A record that uses its tools soundly but for a few values, replaced or taken out."""
    calling = {"role": "assistant", "content": None, "tool_calls": [call("call_1"), call("call_2")]}
    results = [{"role": "tool", "tool_call_id": name, "content": "sun"} for name in ("call_2", "call_1")]
    turns = [{"role": "user", "content": "Weather?"}, calling, *results, {"role": "assistant", "content": "Sun."}]
    data: dict[str, Any] = json.loads(json.dumps({"messages": turns, "tools": TOOLS}))
    strange = st.sampled_from(
        (None, "", "x", "call_1", "function", "TOOL", "weather", '{"city": 1}', '"{}"', "{", 0, {}, [], [1], ["x"])
    )
    for _ in range(draw(st.integers(0, 3))):
        holder: Any = data
        while True:
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(holder[key], (dict, list)) and draw(st.integers(0, 4)):
                holder = holder[key]
                continue
            if draw(st.booleans()):
                holder[key] = json.loads(json.dumps(draw(strange)))  # never one object in two places
            else:
                del holder[key]
            break
    return data


@record_rule
@settings(max_examples=150)
@given(data=nearly_sound())
def test_sound_use_of_tools_holds_nothing_back(rule: Rule, data: dict[str, Any]) -> None:
    if rule.unless is not None and rule.bound(rule.unless)(Record(data)):
        assert not list(rule.check(Record(data), **rule.settings) or ())


def test_nearly_all_records_use_their_tools_soundly() -> None:
    turns = [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [call("a")]}]
    assert used_soundly(Record({"messages": turns, "tools": TOOLS}))
    assert not used_soundly(Record({"messages": turns, "tools": []}))


@fixing
@settings(max_examples=200)
@given(data=records)
@example(data={"messages": [], "functions": [{"function": {"name": "weather"}}]})
def test_a_fix_adds_nothing_and_is_done_at_once(rule: Rule, data: dict[str, Any]) -> None:
    raw = json.dumps(data).encode()
    if decode(raw) is None:  # a number that JSON has not
        return
    fixed = fix_line(raw, [rule])
    assert fixed is not None
    assert fix_line(fixed, [rule]) == fixed
    repaired = decode(fixed)
    assert repaired is not None
    after = {code for code, _ in findings(repaired, RULES)}
    assert after <= {code for code, _ in findings(data, RULES)}


WEATHER = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
TOOLS = [{"type": "function", "function": WEATHER}]


def call(name: str) -> dict[str, Any]:
    """A call of the weather with this id."""
    return {"id": name, "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}}


def test_sound_records_are_left_in_peace() -> None:
    asked = {"role": "user", "content": "Weather?"}
    calling = {"role": "assistant", "content": None, "tool_calls": [call("call_1"), call("call_2")]}
    results = [{"role": "tool", "tool_call_id": name, "content": "sun"} for name in ("call_2", "call_1")]
    said = {"role": "assistant", "content": "Sun."}
    in_parts = [{"role": "user", "content": [{"type": "text", "value": "Weather?"}]}]
    written = json.dumps({"name": "weather", "arguments": {"city": "Bern"}})
    shared = [("human", "Weather?"), ("function_call", written), ("observation", "sun"), ("gpt", "Sun.")]
    conversation = [{"from": role, "value": text} for role, text in shared]
    for data in (
        {"messages": [asked, calling, *results, said], "tools": TOOLS, "parallel_tool_calls": True},
        {"messages": [asked, calling], "tools": TOOLS},
        {"messages": [asked, {**calling, "content": "", "weight": 0}, *results, {**said, "tool_calls": []}]},
        {"messages": [asked, {**said, "tool_calls": None, "function_call": None}], "tools": None},
        {"messages": [asked], "tools": TOOLS, "reference_answer": "sun"},
        {"messages": [*in_parts, {"role": "tool", "content": in_parts[0]["content"]}], "tools": "[]"},
        {"conversations": conversation, "tools": json.dumps([WEATHER])},
        {"conversations": [*conversation[:1], {"from": "function_call", "value": f"<think>so</think>{written}"}]},
        {
            "input": {"messages": [asked], "tools": TOOLS},
            "preferred_output": [calling],
            "non_preferred_output": [said],
        },
        {"contents": [], "tools": [{"functionDeclarations": [{"name": "weather"}]}]},
        {"question": "What does a joiner need?", "answer": "A plane", "tools": ["plane", "saw"]},
    ):
        assert findings(data, RULES) == [], data


@given(
    st.lists(
        st.sampled_from(["messages", "tools", "functions", "x", 'a"tools', "input"]),
        unique=True,
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_tools_are_read_alike_from_the_line_and_from_the_record(keys: list[str], data: st.DataObject) -> None:
    tool = {
        "type": "function",
        "function": {"name": "f", "parameters": {"properties": {"tools": {"type": "array"}}}},
    }
    values = st.sampled_from(
        [[tool], [tool, {"tools": [1]}], [], {"tools": [tool]}, '"tools":[]', None, [1e300, 2]]
    )
    record = {key: data.draw(values) for key in keys} | ({"messages": []} if "messages" not in keys else {})
    spaced = data.draw(st.booleans())
    raw = json.dumps(record, separators=(", ", ": ") if spaced else (",", ":")).encode()
    from_line, from_record = tools(Record(record, raw=raw)), tools(Record(record))
    assert [*from_line] == [*from_record]


def test_a_number_too_large_is_found_in_a_list_of_tools() -> None:
    line = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"tools":[{"x":%s}]}\n'
    rules = [rule for rule in load(isolated=True).values() if rule.fault == "unrepresentable-number"]
    mapped = Mapper(Plan(rules), File("t.jsonl", "")).map([line % b"1", line % b"1e999", line % b"1"])
    assert [finding.where.line for finding in mapped.findings] == [2]
