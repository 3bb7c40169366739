"""dslint stats: the facts are those of the data, exact where it is said, and nothing in the data can act."""

from __future__ import annotations

import gzip
import json
from typing import Any

import polars
import pytest

from dslint.report.table import fitted, table
from dslint.report.visible import width_of
from dslint.stats import spread, trimmed
from dslint.tokens import count_with_tiktoken

pytestmark = pytest.mark.usefixtures("here")

ENCODING = "o200k_base"
PROMPT = "You sort support tickets into one of five queues.\nAnswer with the name of the queue only.   \n\n\n\n" + (
    "Answer with the name of the queue only.\n"
)
HOSTILE = "\x1b[2J\u202e::error::x"


def chat(*said: tuple[str, str], **more: Any) -> str:
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in said], **more}) + "\n"


def tokens(*texts: str) -> int:
    return sum(count_with_tiktoken(ENCODING, texts))


def published(*said: tuple[str, str]) -> int:
    """OpenAI's published count of a conversation: 3 a message, its role and text, 3 for the reply."""
    return 3 + sum(3 + tokens(role, text) for role, text in said)


@pytest.fixture
def counted(main):
    def call(*arguments: str) -> dict[str, Any]:
        ran = main("stats", "--format", "json", *arguments)
        assert (ran.code, ran.err) == (0, "")
        found: dict[str, Any] = json.loads(ran.out)
        return found

    return call


def test_tokens_are_those_of_the_published_rule(here, counted) -> None:
    one = ("system", "Be brief."), ("user", "What is Ångström?"), ("assistant", "A unit of length: 10⁻¹⁰ m.")
    two = ("user", "Hi"), ("assistant", "Hello"), ("user", "Bye"), ("assistant", "See you")
    (here / "train.jsonl").write_text(chat(*one) + chat(*two))
    found = counted("train.jsonl")
    sizes = sorted([published(*one), published(*two)])
    assert found["tokens"] == {"number": 2, "total": sum(sizes)} | {
        "p50": sizes[0],
        "p90": sizes[1],
        "p99": sizes[1],
        "max": sizes[1],
    }
    assert found["turns"] == {"number": 2, "total": 7, "p50": 3, "p90": 4, "p99": 4, "max": 4}
    assert found["requests"]["total"] == published(*one[:2]) + published(*two[:3])
    assert {role: known["number"] for role, known in found["roles"].items()} == {
        "assistant": 3,
        "user": 3,
        "system": 1,
    }
    assert found["roles"]["system"]["total"] == 3 + tokens("system", "Be brief.")
    assert [(one["line"], one["tokens"]) for one in found["longest"]] == [
        (line, size) for size, line in sorted([(published(*one), 1), (published(*two), 2)], reverse=True)
    ]
    assert found["files"][0] | {"bytes": 0} == {
        "path": "train.jsonl",
        "role": "train",
        "layout": "chat",
        "bytes": 0,
        "lines": 2,
        "records": 2,
        "tokens": sum(sizes),
    }
    assert found["estimated"] == {"records_with_tools": 0, "records_with_uncounted_parts": 0}


def test_percentiles_are_values_of_the_data() -> None:
    assert spread(range(1, 101)) == (100, 5050, 50, 90, 99, 100)
    assert spread([7]) == (1, 7, 7, 7, 7, 7)
    assert spread([3, 1]) == (2, 4, 1, 3, 3, 3)
    assert spread([]) == (0, 0, 0, 0, 0, 0)


def test_system_prompts_say_what_they_cost(here, counted, main) -> None:
    lines = [
        chat(("system", PROMPT), ("user", f"Ticket {number}"), ("assistant", "billing")) for number in range(3)
    ]
    (here / "data.jsonl").write_text(chat(("user", "a"), ("assistant", "b")) + "".join(lines))
    system = counted("data.jsonl")["system_prompts"]
    whole = 3 + tokens("system", PROMPT)
    short = "You sort support tickets into one of five queues.\nAnswer with the name of the queue only.\n"
    assert trimmed(PROMPT) == short
    assert (system["records"], system["kinds"], system["times"], system["line"]) == (3, 1, 3, 2)
    assert (system["tokens"], system["mean"]) == (whole, whole * 3 / 4)
    assert system["trimmed"] == whole - tokens(PROMPT) + tokens(short)
    out = main("stats", "data.jsonl").out
    assert f"leaving system prompts out saves {whole * 3 / 4:,.0f} tokens a request" in out
    assert f"needless white space it saves {tokens(PROMPT) - tokens(short)} tokens" in out


def test_a_trimmed_prompt_keeps_what_it_says() -> None:
    table_of = "| a | b |\n|---|---|\n| 1 | 2 |\n|---|---|"
    for text in ("", "one line", table_of, "first\n\nsecond", "  - indented\n    - deeper"):
        assert trimmed(text) == text.strip()


def test_labels_are_counted_where_answers_are_labels(here, counted) -> None:
    names = ["billing"] * 15 + ["shipping"] * 9 + ["account"] * 6
    (here / "data.jsonl").write_text(
        "".join(chat(("user", f"Ticket {place}"), ("assistant", name)) for place, name in enumerate(names))
    )
    assert list(counted("data.jsonl")["labels"].items()) == [("billing", 15), ("shipping", 9), ("account", 6)]


def test_what_is_an_estimate_is_said(here, counted, main) -> None:
    tools = [{"type": "function", "function": {"name": "look", "parameters": {}}}]
    said = ("user", "Hi"), ("assistant", "Ho")
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    seen = {"messages": [{"role": "user", "content": [image]}, {"role": "assistant", "content": "A cat"}]}
    lines = chat(*said, tools=tools) + json.dumps(seen) + "\n" + chat(*said, tools=json.dumps(tools)) + chat(*said)
    (here / "data.jsonl").write_text(lines)
    found = counted("data.jsonl")
    assert found["estimated"] == {"records_with_tools": 1, "records_with_uncounted_parts": 2}
    assert found["tokens"]["max"] == published(*said) + tokens(json.dumps(tools))
    out = main("stats", "data.jsonl").out
    assert "1 record with tools, which are counted as JSON: an estimate." in out
    assert "2 records with images" in out


def test_rejected_answers_and_plain_text_are_counted_apart(here, counted) -> None:
    (here / "a.jsonl").write_text('{"prompt": "Hi there", "chosen": "Hello", "rejected": "Go away now"}\n')
    (here / "b.jsonl").write_text('{"text": "Just a text"}\n')
    found = counted("a.jsonl", "b.jsonl")
    assert found["roles"]["rejected"]["total"] == 3 + tokens("assistant", "Go away now")
    assert found["roles"]["text"]["total"] == tokens("Just a text")
    assert found["files"][1]["tokens"] == tokens("Just a text")


def test_every_source_has_the_same_facts(here, counted, sound) -> None:
    rows = [json.loads(line) for line in sound(20).splitlines()]
    (here / "data.jsonl").write_bytes(sound(20))
    (here / "data.json").write_text(json.dumps(rows))
    polars.DataFrame(rows).write_parquet("data.parquet")
    facts = [counted(f"data.{ending}") for ending in ("jsonl", "json", "parquet")]
    for found in facts:
        del found["files"]
        for one in found["longest"]:
            del one["path"]
    assert facts[0] == facts[1] == facts[2]


def test_lines_stay_within_80_columns_and_are_harmless(here, main) -> None:
    names = ["账单" * 6, HOSTILE.replace("\u202e", ""), "x" * 39, "shipping"] * 8
    said = [("system", PROMPT), (HOSTILE, "Ho")]
    lines = [chat(*said, ("user", f"{place}"), ("assistant", name)) for place, name in enumerate(names)]
    name = f"{'very' * 9}{HOSTILE.replace('/', '')}.jsonl"
    (here / name).write_text("".join(lines))
    ran = main("stats", name)
    assert ran.code == 0
    assert "…" in ran.out
    tables = ran.out.split("longest records")[0] + ran.out[ran.out.index("label ") :].split("system prompts")[0]
    for line in (*tables.splitlines(), *ran.out.splitlines()[-3:]):
        assert width_of(line) <= 80, line
    for bad in ("\x1b", "\u202e", "::error"):
        assert bad not in ran.out


def test_a_cell_gives_way_without_being_cut_in_two() -> None:
    for text in ("data/train.jsonl", "账单账单账单", "a\u0301" * 9, "\x1b" * 9, ""):
        for room in range(1, 20):
            for tail in (False, True):
                shown = fitted(text, room, tail=tail)
                assert width_of(shown) <= max(room, 1)
    assert fitted("data/train.jsonl", 11, tail=True) == "…rain.jsonl"
    assert fitted("data/train.jsonl", 11) == "data/train…"
    assert list(table([("name", "n"), ("a", "1,000")])) == ["name      n", "a     1,000"]


@pytest.mark.parametrize("command", ["stats", "cost"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.jsonl"], "missing.jsonl: No such file or directory"),
        (["data.jsonl", "--format", "yaml"], "'yaml' is not one of text, json"),
        (["data.jsonl", "--layout", "nothing"], "unknown layout 'nothing'"),
        (["empty.jsonl"], "empty.jsonl does not hold lines of JSON"),
        (["broken.jsonl"], "there is no record in what was read"),
        (["bad.parquet"], "bad.parquet: parquet: File out of specification"),
    ],
)
def test_bad_input_is_2_and_one_line(main, here, sound, command, arguments, said) -> None:
    (here / "data.jsonl").write_bytes(sound(2))
    (here / "empty.jsonl").write_bytes(b"")
    (here / "broken.jsonl").write_bytes(b"{oops\n")
    (here / "bad.parquet").write_bytes(b"PAR1" + bytes(20))
    ran = main(command, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err.splitlines()[0]
    assert "Traceback" not in ran.err


def test_a_file_that_is_cut_off_is_2(main, here, sound) -> None:
    (here / "data.jsonl.gz").write_bytes(gzip.compress(sound(2_000))[:-2_000])
    ran = main("stats", "data.jsonl.gz")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert ran.err.startswith("dslint: error: data.jsonl.gz: ")
    assert "data.jsonl.gz" in ran.out


def test_lines_without_a_record_are_counted(main, here, sound) -> None:
    (here / "data.jsonl").write_bytes(sound(2) + b"{oops\n\n")
    ran = main("stats", "data.jsonl")
    assert ran.code == 0
    assert "2 lines without a record: see `dslint lint`" in ran.out
