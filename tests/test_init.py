"""`dslint init`: what is seen becomes configuration that dslint itself accepts."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.compare import by_question
from dslint.config import from_table
from dslint.findings import Fact
from dslint.records import Record
from dslint.starting import _quoted, label_set


def tickets(count: int, labels: list[str]) -> str:
    rows = ({"prompt": f"ticket {n}", "completion": labels[n % len(labels)]} for n in range(count))
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_roles_layout_and_labels_are_seen(here: Path, main: Any) -> None:
    Path("data").mkdir()
    Path("data/train.jsonl").write_text(tickets(40, ["billing", 'say "hi"']), "utf-8")
    Path("data/test.jsonl").write_text(tickets(4, ["billing"]), "utf-8")
    ran = main("init")
    assert ran.code == 0, ran.err
    text = Path("dslint.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert table["dataset"] == [{"train": ["data/train.jsonl"], "test": ["data/test.jsonl"]}]
    assert table["options"]["unknown-label"]["labels"] == ["billing", 'say "hi"']
    assert '# layout = "prompt-completion"' in text
    from_table(table, Path("dslint.toml"), text)
    assert main("lint", "--exit-zero").code == 0


def test_every_file_is_linted_afterwards(here: Path, main: Any) -> None:
    for name in ("train.jsonl", "more.jsonl", "dev.jsonl", "answers.jsonl"):
        Path(name).write_text(tickets(12, ["billing", name]), "utf-8")
    Path("broken.jsonl").write_text('{"prompt"\n', "utf-8")
    assert main("init").code == 0
    (dataset,) = tomllib.loads(Path("dslint.toml").read_text("utf-8"))["dataset"]
    assert dataset == {
        "train": ["train.jsonl", "answers.jsonl", "broken.jsonl", "more.jsonl"],
        "validation": ["dev.jsonl"],
    }
    assert "broken.jsonl:1" in main("lint").out


@pytest.mark.parametrize("folder", [".", "data", "absolute"])
def test_names_that_read_like_patterns_mean_the_file(here: Path, main: Any, folder: str) -> None:
    root = here if folder == "absolute" else Path(folder)
    root.mkdir(exist_ok=True)
    for name in ("train[1].jsonl", "train1.jsonl", "what [!].jsonl"):
        (root / name).write_text('{"prompt": "a", "completion": ""}\n', "utf-8")
    assert main("init", str(root / "train[1].jsonl"), str(root / "what [!].jsonl")).code == 0
    ran = main("lint", "--output-format", "concise")
    assert ("train[1].jsonl:1" in ran.out, "what [!].jsonl:1" in ran.out, "train1.jsonl" in ran.out) == (
        True,
        True,
        False,
    )


def test_what_is_there_is_not_replaced(here: Path, main: Any) -> None:
    Path("a.jsonl").write_text(tickets(3, ["a"]), "utf-8")
    Path("dslint.toml").write_text("# mine\n", "utf-8")
    ran = main("init", "a.jsonl")
    assert (ran.code, "exists" in ran.err) == (2, True)
    assert Path("dslint.toml").read_text("utf-8") == "# mine\n"
    assert main("init", "a.jsonl", "--force").code == 0
    assert tomllib.loads(Path("dslint.toml").read_text("utf-8"))["target"] == "generic"


@pytest.mark.parametrize("paths", [[], ["none.jsonl"]])
def test_without_data_nothing_is_written(here: Path, main: Any, paths: list[str]) -> None:
    assert main("init", *paths).code == 2
    assert not Path("dslint.toml").exists()


def facts(answers: list[str]) -> list[Fact]:
    records = [Record({"prompt": f"q{n}", "completion": answer}) for n, answer in enumerate(answers)]
    return [Fact("a", 1, "", *fact) for record in records for fact in by_question(record)]


def test_prose_and_unique_answers_are_no_labels() -> None:
    assert label_set(facts(["yes", "no"] * 10)) == ["no", "yes"]
    assert label_set(facts([f"answer {n}" for n in range(30)])) == []
    assert label_set(facts(["yes"] * 20 + ["Well, that depends on what you want to do with it."])) == []


@given(st.text())
def test_any_label_can_be_written(label: str) -> None:
    kept = label.encode("utf-8", "replace").decode()
    assert tomllib.loads(f"x = {_quoted(kept)}") == {"x": kept}
