"""Converting: what has a place is kept, what has none is counted, every line is written or set aside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.convert import WRITERS, NoPlace, converted
from dslint.records import Record

words = st.text(min_size=1, max_size=20).filter(str.strip)
exchanges = st.lists(st.tuples(words, words), min_size=1, max_size=3)


def chat(turns: list[tuple[str, str]], system: str = "") -> dict[str, Any]:
    messages = [{"role": "system", "content": system}] if system else []
    for asked, answered in turns:
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return {"messages": messages}


def said(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in Record(data).messages]


@given(exchanges, st.one_of(st.just(""), words), st.sampled_from(sorted(WRITERS.keys() - {"preference"})))
def test_a_conversation_survives_every_layout(turns: list[tuple[str, str]], system: str, layout: str) -> None:
    data = chat(turns, system)
    line, lost = converted(Record(data), layout)
    assert not lost
    assert said(json.loads(line)) == said(data)
    back, lost = converted(Record(json.loads(line)), "chat")
    assert not lost
    assert json.loads(back) == data


def test_what_has_no_place_is_counted() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    image = {"type": "image_url", "image_url": {"url": "u"}}
    data = {
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "Hi"}, image],
            },
            {"role": "assistant", "content": "Yes", "tool_calls": [call], "weight": 1},
        ],
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "id": 7,
    }
    line, lost = converted(Record(data), "gemini")
    assert dict(lost) == {
        "key id": 1,
        "tools": 1,
        "image_url parts": 1,
        "message key tool_calls": 1,
        "message key weight": 1,
    }
    assert json.loads(line)["contents"][0] == {"role": "user", "parts": [{"text": "Hi"}]}


def test_tool_calls_become_sharegpt_turns() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    data = {
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "a", "content": "1"},
            {"role": "assistant", "content": "One."},
        ]
    }
    line, _ = converted(Record(data), "sharegpt")
    turns = json.loads(line)["conversations"]
    assert [turn["from"] for turn in turns] == ["human", "function_call", "observation", "gpt"]
    assert json.loads(turns[1]["value"]) == {"name": "f", "arguments": "{}"}


def test_questions_and_answers_in_one_item_become_turns() -> None:
    data = {"conversation": [{"human": "Hi", "assistant": "Hello."}], "system": "Be brief."}
    line, lost = converted(Record(data), "chat")
    assert not lost
    assert json.loads(line) == chat([("Hi", "Hello.")], "Be brief.")


def test_pairs_become_openai_preferences() -> None:
    data = {"prompt": "Hi", "chosen": "Hello.", "rejected": "What?"}
    line, lost = converted(Record(data), "preference")
    assert not lost
    assert json.loads(line) == {
        "input": {"messages": [{"role": "user", "content": "Hi"}]},
        "preferred_output": [{"role": "assistant", "content": "Hello."}],
        "non_preferred_output": [{"role": "assistant", "content": "What?"}],
    }
    with pytest.raises(NoPlace, match="no rejected answer"):
        converted(Record(chat([("a", "b")])), "preference")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = [
    *("messages", "conversations", "prompt", "completion", "chosen", "rejected"),
    *("contents", "instruction", "output"),
]


@given(
    st.dictionaries(st.sampled_from([*KEYS, "system", "tools", "input", "history", "text"]), json_values),
    st.sampled_from(sorted(WRITERS)),
)
def test_any_object_is_converted_or_refused(data: dict[str, Any], layout: str) -> None:
    try:
        line, _ = converted(Record(data), layout)
    except NoPlace:
        return
    assert isinstance(json.loads(line), dict)


def test_every_line_is_written_or_set_aside(here: Path, main: Any) -> None:
    lines = [json.dumps(chat([("a", "b")])), "{broken", '{"text": "x"}', "", '{"prompt": "p", "completion": "c"}']
    Path("in.jsonl").write_text("\n".join(lines), "utf-8")
    ran = main("convert", "in.jsonl", "--to", "alpaca", "-o", "out.jsonl")
    assert ran.code == 1
    assert Path("out.jsonl").read_text("utf-8").splitlines() == [
        '{"instruction": "a", "input": "", "output": "b"}',
        '{"instruction": "p", "input": "", "output": "c"}',
    ]
    assert Path("out.rejected.jsonl").read_text("utf-8").splitlines() == ["{broken", '{"text": "x"}']
    assert "in.jsonl:2: the line is no JSON object" in ran.err
    assert sorted(path.name for path in here.iterdir()) == ["in.jsonl", "out.jsonl", "out.rejected.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.jsonl", "--to", "chat", "-o", "in.jsonl"], "in.jsonl exists"),
        (["in.jsonl", "--to", "chat", "-o", "in.jsonl", "--force"], "in.jsonl is also an input"),
        (["in.jsonl", "--to", "chart", "-o", "out.jsonl"], "'chart' is not one of"),
        (["none.jsonl", "--to", "chat", "-o", "out.jsonl"], "none.jsonl"),
        (["in.jsonl", "--to", "chat", "-o", "out.jsonl", "--layout", "x"], "unknown layout 'x'"),
        (["in.jsonl", "--to", "chat", "-o", "no/out.jsonl"], "no"),
    ],
)
def test_what_cannot_be_done_is_said(here: Path, main: Any, arguments: list[str], said: str) -> None:
    Path("in.jsonl").write_text('{"prompt": "p", "completion": "c"}\n', "utf-8")
    ran = main("convert", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert Path("in.jsonl").read_text("utf-8") == '{"prompt": "p", "completion": "c"}\n'
    assert [path.name for path in here.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize("name", ["array.json", "pretty.jsonl"])
def test_records_spread_over_lines_are_put_on_lines(here: Path, main: Any, name: str) -> None:
    records = [chat([(f'a "q"  {n}', "é\n b")]) | {"score": 1.50} for n in range(3)]
    each = "\n".join(json.dumps(record, indent=2) for record in records)
    text = json.dumps(records, indent=1) if name == "array.json" else each
    Path(name).write_text(text.replace("1.5", "1.50"), "utf-8")
    assert main("lint", name, "--isolated", "--select", "JSN").code == 1
    ran = main("lint", name, "--isolated", "--select", "JSN", "--fix")
    assert ran.code == 0, ran.out
    lines = Path(name).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == records
    assert all("1.50" in line and 'a \\"q\\"  ' in line for line in lines)


@pytest.mark.parametrize("text", ["[\n{}, {}\n] x", "[\n{}\n{}\n]", '[\n{},\n"a"\n]', "[\n{}, {}\n"])
def test_what_is_no_list_of_records_stays(here: Path, main: Any, text: str) -> None:
    Path("a.jsonl").write_text(text, "utf-8")
    main("lint", "a.jsonl", "--isolated", "--fix")
    assert Path("a.jsonl").read_text("utf-8").rstrip("\n") == text.rstrip("\n")
