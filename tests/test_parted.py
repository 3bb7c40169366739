"""Splitting as a function: the same parts as the command line writes, wherever the data stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest
from splitting import chat, clustered, manifest, parts
from splitting import split as run

import dslint
from dslint.spooling import Spool

pytestmark = pytest.mark.usefixtures("here")

LABELS = ("refund", "bug", "other")
ROWS: list[dict[str, Any]] = [
    json.loads(chat(text, LABELS[at % 3], user=f"user {at % 30}")) for at, text in enumerate(clustered(80, seed=3))
]
ROWS += [json.loads(chat("Anybody there?", "", user="user 1")), json.loads(chat("Is it", "bug", user="u"))]
OPTIONS: dict[str, Any] = {"ratio": "70:15:15", "group_by": "user", "seed": 4}
WRITTEN = ("--ratio", "70:15:15", "--group-by", "user", "--seed", "4")


def in_file() -> Path:
    path = Path("rows.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def in_parquet() -> str:
    polars.DataFrame(ROWS).write_parquet("rows.parquet")
    return "rows.parquet"


SOURCES = {
    "path": in_file,
    "parquet": in_parquet,
    "rows": lambda: ROWS,
    "iterator": lambda: iter(ROWS),
    "polars": lambda: polars.DataFrame(ROWS),
    "pandas": lambda: pandas.DataFrame(ROWS),
    "mapping": lambda: {"all": ROWS},
}


@pytest.mark.parametrize("kind", SOURCES)
def test_parts_are_those_of_the_command_line(kind: str) -> None:
    found = dslint.split(SOURCES[kind](), **OPTIONS, config={})
    assert run(in_file(), Path("out"), *WRITTEN) == 0
    written = parts(Path("out"))
    assert {part: found.records(part) for part in found.parts} == {
        name: list(map(json.loads, having)) for name, having in written.items()
    }
    table = manifest(Path("out"))
    assert found.plan == {key: table[key] for key in found.plan}
    reasons = [json.loads(line) for line in Path("out/rejected.findings.jsonl").read_text().splitlines()]
    assert [{**one, "path": ""} for one in found.rejected] == [{**one, "path": ""} for one in reasons]
    for part in found.parts:
        assert [ROWS[row] for row in found.rows(part)] == found.records(part)
        assert [line for _, line in found.places(part)] == [row + 1 for row in found.rows(part)]
        assert found.to_polars(part).to_dicts() == found.records(part)


def test_a_split_says_what_it_is() -> None:
    found = dslint.split(ROWS, into={"train": "rest", "golden": "10"}, config={})
    assert found.parts == ("train", "golden")
    assert repr(found) == "<dslint.Split: train: 177, golden: 10, rejected: 1>"
    assert [(one["line"], one["name"]) for one in found.rejected] == [(187, "empty-assistant")]
    assert found.report.to_dicts() == dslint.lint(ROWS, config={}).to_dicts()
    assert [len(dslint.split(ROWS, folds=3, config={}).rows(f"fold-{fold}")) for fold in (1, 2, 3)] == [63, 62, 62]


def test_several_places() -> None:
    found = dslint.split({"old": ROWS[:50], "new": ROWS[50:]}, config={})
    assert {path for path, _ in found.places("train")} == {"<old>", "<new>"}
    with pytest.raises(ValueError, match="several places"):
        found.rows("train")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"ratio": "9"}, ValueError),
        ({"ratio": "9:1", "folds": 3}, ValueError),
        ({"into": ["a=1.5"]}, ValueError),
        ({"folds": 1}, ValueError),
        ({"conflicts": "guess"}, ValueError),
        ({"max_per_cluster": 0}, ValueError),
        ({"group_by": ""}, ValueError),
        ({"group_by": "nobody"}, dslint.ConfigError),
        ({"into": ["a=1000", "b=rest"]}, dslint.ConfigError),
        ({"target": "no such"}, dslint.ConfigError),
    ],
)
def test_what_cannot_be_followed_is_said(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        dslint.split(ROWS, **options, config={})
    assert "\n" not in str(raised.value)


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(dslint.SourceError, match="nowhere"):
        dslint.split("nowhere.jsonl")
    with pytest.raises(KeyError, match="'dev' is none of the parts train, test"):
        dslint.split(ROWS, config={}).records("dev")


def test_a_rule_that_raises_ends_it() -> None:
    Path("own.py").write_text(
        "from dslint import rule\n\n@rule('XXX001')\ndef touchy(record):\n    '''Fails.'''\n    raise LookupError\n"
    )
    Path("dslint.toml").write_text('rules = ["own.py"]\n')
    with pytest.raises(dslint.SourceError, match="touchy"):
        dslint.split(ROWS, config="dslint.toml")


def test_copies_stay_until_the_split_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    close = Spool.close
    monkeypatch.setattr(Spool, "close", lambda self: (closed.append(self.path), close(self))[1])
    found = dslint.split(ROWS, config={})
    assert not closed
    del found
    assert closed
    closed.clear()
    with pytest.raises(dslint.ConfigError):
        dslint.split(ROWS, group_by="nobody", config={})
    assert closed
