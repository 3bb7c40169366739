"""Reference files, such as benchmarks: data is compared with them, and nothing else is done with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import dslint.driver

pytestmark = pytest.mark.usefixtures("here")

JSON = ("--select", "LEK", "--ignore", "LEK105", "--output-format", "json")
QUESTIONS = [
    "How many eggs do 4 hens lay in a week if each of them lays one a day?",
    "A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total?",
    "A train leaves at noon and goes 80 miles an hour. How far is it at half past two?",
]
EDITED = "A train leaves at noon, and goes 80 miles an hour: how far is it at half past two"


def chat(question: str, answer: str, **more: str) -> dict[str, Any]:
    system = [{"role": "system", "content": more["system"]}] if more else []
    asked, said = {"role": "user", "content": question}, {"role": "assistant", "content": answer}
    return {"messages": [*system, asked, said]}


def write(path, *records) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def found(ran) -> list[tuple[str, str, int, list[str]]]:
    """(rule, path, line, places related) of every finding."""
    return [
        (one["name"], one["path"], one["line"], [f"{place['path']}:{place['line']}" for place in one["related"]])
        for one in json.loads(ran.out)["findings"]
    ]


@pytest.fixture
def data(here):
    """Four rows of which three stand in a benchmark: as they are, with another answer, and edited."""
    rows = [
        chat("What is the colour of a ripe lemon?", "It is yellow."),
        chat(QUESTIONS[0], "It is 28."),
        chat(QUESTIONS[1], "One and two make three."),
        chat(EDITED, "It is 200 miles."),
    ]
    write(here / "data.jsonl", *rows)
    write(here / "benchmark.jsonl", *(chat(question, "It is 28.") for question in QUESTIONS))


@pytest.mark.usefixtures("data")
def test_rows_that_stand_in_a_reference_are_found_where_they_are(main):
    ran = main("lint", *JSON, "data.jsonl", "--against", "benchmark.jsonl")
    assert found(ran) == [
        ("leaked-record", "data.jsonl", 2, ["benchmark.jsonl:1"]),
        ("leaked-question", "data.jsonl", 3, ["benchmark.jsonl:2"]),
        ("near-leak", "data.jsonl", 4, ["benchmark.jsonl:3"]),
    ]
    assert ran.code == 1
    assert main("lint", *JSON, "data.jsonl").code == 0


ALONE = [
    lambda question: {"question": question, "answer": 28},
    lambda question: {"Question": question, "choices": ["27", "28"]},
    lambda question: {"prompt": question, "task": 7},
    lambda question: {"prompt": [{"role": "user", "content": question}]},
    lambda question: {"messages": [{"role": "user", "content": question}]},
    lambda question: {"contents": [{"role": "user", "parts": [{"text": question}]}]},
    lambda question: {"problem": question, "solution": "It is 28."},
    lambda question: {"instruction": question, "input": ""},
    lambda question: {"prompt": question, "chosen": "It is 28.", "rejected": "It is 27."},
]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("alone", ALONE)
def test_of_a_benchmark_the_question_will_do(main, here, alone):
    write(here / "benchmark.jsonl", *map(alone, QUESTIONS))
    ran = main("lint", *JSON, "data.jsonl", "--against", "benchmark.jsonl")
    assert [finding[:3] for finding in found(ran)] == [
        ("leaked-question", "data.jsonl", 2),
        ("leaked-question", "data.jsonl", 3),
        ("near-leak", "data.jsonl", 4),
    ]


def test_a_bare_question_counts_in_any_context_and_one_with_a_context_in_its_own(main, here):
    write(here / "data.jsonl", *(chat(question, "28", system="Answer.") for question in QUESTIONS[:2]))
    write(here / "bare.jsonl", {"question": QUESTIONS[0]})
    write(here / "other.jsonl", {"question": QUESTIONS[1], "context": "One bolt is 5 yards."})
    ran = main("lint", *JSON, "data.jsonl", "--against", "bare.jsonl", "--against", "other.jsonl")
    assert found(ran) == [("question-out-of-context", "data.jsonl", 1, ["bare.jsonl:1"])]


def test_a_large_group_of_one_question_is_found_whole(main, here):
    rows = [chat(QUESTIONS[0], f"It is {number}.", system="Answer.") for number in range(40)]
    write(here / "data.jsonl", *rows)
    write(here / "zeta.jsonl", {"question": QUESTIONS[0]})
    ran = main("lint", *JSON, "data.jsonl", "--against", "zeta.jsonl")
    assert [line for _, _, line, _ in found(ran)] == list(range(1, 41))


@pytest.mark.usefixtures("data")
def test_nothing_else_is_said_of_a_reference_and_nothing_done_with_it(main, here):
    bad = b'\xef\xbb\xbf{"question": "Twice?"}\r\n\r\n{]\n{"question": "Twice?"}\n'
    (here / "bad.jsonl").write_bytes(bad)
    ran = main("lint", *JSON, "--fix", "--unsafe-fixes", "--extend-select", "all", ".", "--against", "bad.jsonl")
    assert "bad.jsonl" not in {finding[1] for finding in found(ran)}
    assert (here / "bad.jsonl").read_bytes() == bad


@pytest.mark.usefixtures("data")
def test_a_declared_reference_is_that_of_its_dataset(main, here):
    write(here / "apart.jsonl", chat(QUESTIONS[0], "It is 28."))
    (here / "dslint.toml").write_text(
        '[[dataset]]\nname = "a"\ntrain = ["data.jsonl"]\nagainst = ["bench*.jsonl"]\n'
        '[[dataset]]\nname = "b"\ntrain = ["apart.jsonl"]\n'
    )
    everywhere = [finding[:3] for finding in found(main("lint", *JSON))]
    assert everywhere == [
        ("leaked-record", "data.jsonl", 2),
        ("leaked-question", "data.jsonl", 3),
        ("near-leak", "data.jsonl", 4),
    ]
    assert found(main("lint", *JSON, "apart.jsonl")) == []
    assert len(found(main("lint", *JSON, "."))) == 3
    assert len(found(main("lint", *JSON, "apart.jsonl", "--against", "benchmark.jsonl"))) == 1


@pytest.mark.usefixtures("data")
def test_a_declared_reference_is_not_split(main, here):
    (here / "dslint.toml").write_text('[[dataset]]\ntrain = ["data.jsonl"]\nagainst = ["benchmark.jsonl"]\n')
    parts = here.with_name(f"{here.name}-parts")
    assert main("split", ".", "-o", parts, "--ratio", "50:50").code == 0
    lines = [line for path in sorted(parts.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    assert sorted(lines) == sorted((here / "data.jsonl").read_bytes().splitlines())


@pytest.mark.usefixtures("data")
def test_a_reference_that_several_datasets_name_is_read_once_for_all(main, here):
    write(here / "more.jsonl", chat(QUESTIONS[0], "It is 28."))
    (here / "dslint.toml").write_text(
        '[[dataset]]\nname = "a"\ntrain = ["data.jsonl"]\nagainst = ["benchmark.jsonl"]\n'
        '[[dataset]]\nname = "b"\ntrain = ["more.jsonl"]\nagainst = ["benchmark.jsonl"]\n'
    )
    records = [finding[1:] for finding in found(main("lint", *JSON)) if finding[0] == "leaked-record"]
    assert records == [("data.jsonl", 2, ["benchmark.jsonl:1"]), ("more.jsonl", 1, ["benchmark.jsonl:1"])]


@pytest.mark.parametrize("body", [b"", b"not json\n", '{"a": 1}'.encode("utf-16")])
@pytest.mark.usefixtures("data")
def test_silence_about_a_reference_that_cannot_be_read_would_mean_nothing(main, here, body):
    (here / "benchmark.jsonl").write_bytes(body)
    ran = main("lint", "data.jsonl", "--against", "benchmark.jsonl")
    assert ran.code == 2
    assert "benchmark.jsonl: no record to compare with could be read" in ran.err


@pytest.mark.usefixtures("data")
def test_a_reference_that_is_not_there_is_2(main, here):
    assert main("lint", "data.jsonl", "--against", "gone.jsonl").code == 2
    (here / "dslint.toml").write_text('[[dataset]]\nname = "a"\ntrain = ["data.jsonl"]\nagainst = ["gone*"]\n')
    ran = main("lint")
    assert ran.code == 2
    assert "dataset a: no file matches 'gone*' in `against`" in ran.err


@pytest.mark.usefixtures("data")
def test_the_report_says_what_was_compared(main):
    ran = main("lint", "--select", "LEK102", "data.jsonl", "--against", "benchmark.jsonl", "--exit-zero")
    assert "Checked 4 records in 1 file (chat) against 3 records in 1 reference file for target" in ran.out
    ran = main("lint", "--scope", "file", "data.jsonl", "--against", "benchmark.jsonl")
    assert "reference" not in ran.out
    ran = main("lint", "data.jsonl", "--against", "data.jsonl")
    assert "all files are reference files: there is nothing to lint" in ran.err


@pytest.mark.usefixtures("data")
def test_processes_do_not_change_a_byte(main, here, monkeypatch):
    expected = main("lint", *JSON, "data.jsonl", "--against", "benchmark.jsonl")
    monkeypatch.setattr(dslint.driver, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(dslint.driver, "SHARD_BYTES", 100)
    assert main("lint", *JSON, "-j", "2", "data.jsonl", "--against", "benchmark.jsonl") == expected


def test_shares_are_told_for_every_two_roles_and_count_rows(main, here):
    write(here / "train.jsonl", *(chat(question, "28") for question in QUESTIONS))
    write(here / "validation.jsonl", chat(QUESTIONS[0], "28"), chat("Which fruit is yellow?", "A lemon"))
    write(here / "test.jsonl", *[chat(EDITED, "200")] * 2, chat("Which fruit is yellow?", "A lemon"))
    write(here / "bench.jsonl", {"question": QUESTIONS[0]}, {"question": "Is it?"})
    ran = main("lint", "--select", "LEK105", "--output-format", "json", ".", "--against", "bench.jsonl")
    assert [(one["path"], one["message"]) for one in json.loads(ran.out)["findings"]] == [
        ("test.jsonl", "1 of 3 test questions have a copy or near-copy in validation"),
        ("test.jsonl", "2 of 3 test questions have a copy or near-copy in train"),
        ("train.jsonl", "1 of 2 reference questions have a copy or near-copy in train"),
        ("validation.jsonl", "1 of 2 reference questions have a copy or near-copy in validation"),
        ("validation.jsonl", "1 of 2 validation questions have a copy or near-copy in train"),
    ]
