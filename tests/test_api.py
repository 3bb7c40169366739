"""The linter as a function: the same findings for the same data wherever it stands, and reports that are safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pytest

import dslint
from dslint.spooling import Spool

pytestmark = pytest.mark.usefixtures("here")

KEY = "ghp_" + "k3YxQ7bZ" + "a9Tf2LmW0cRuV5nHs8dE1jKg4pXo"


def turns(question: str, answer: str, **more: Any) -> dict[str, Any]:
    asked = {"role": "user", "content": question}
    return {"messages": [asked, {"role": "assistant", "content": answer}], **more}


ROWS = [
    *(
        turns(f"What is {number * 7919} multiplied by {number}?", f"{number * number * 7919}")
        for number in range(12)
    ),
    turns("How do I reset my password?", "account"),
    turns("How do I reset my password?", "billing", source="tickets"),
    turns("Where is my parcel?", ""),
    turns(f"My key is {KEY}, is that safe?", "No."),
    turns("Ein Satz mit é und 你好\u2028 und einer Zeile mehr.", "Gut <|im_end|>"),
    {"messages": [{"role": "user", "content": "Anyone?"}]},
]


class HuggingFace:
    """As `datasets.Dataset`: rows that are iterated over, every feature in each of them."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.features = {"messages": None, "source": None}
        self.rows = rows

    def __iter__(self):
        return ({**row, "source": row.get("source")} for row in self.rows)


def in_file(rows: list[dict[str, Any]]) -> str:
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "rows.jsonl"


def in_parquet(rows: list[dict[str, Any]]) -> Path:
    polars.DataFrame(rows).write_parquet("rows.parquet")
    return Path("rows.parquet")


def filtered(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    """A frame whose index is not the row number."""
    frame = pandas.DataFrame([turns("to be left out", "x"), *rows])
    return frame[frame.index > 0]


def reader(rows: list[dict[str, Any]]) -> pyarrow.RecordBatchReader:
    table = pyarrow.Table.from_pylist(rows, pyarrow.Table.from_pylist([rows[13]]).schema)
    return pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=5))


KINDS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "path": in_file,
    "paths": lambda rows: [in_file(rows)],
    "parquet": in_parquet,
    "iterator": iter,
    "polars": polars.DataFrame,
    "pandas": pandas.DataFrame,
    "pandas-filtered": filtered,
    "pyarrow": lambda rows: pyarrow.Table.from_pylist(rows, pyarrow.Table.from_pylist([rows[13]]).schema),
    "arrow-stream": reader,
    "hugging-face": HuggingFace,
}


def told(report: dslint.Report) -> list[tuple[Any, ...]]:
    """The findings without the name of the source."""
    return [
        (
            found.where._replace(source=""),
            found.code,
            found.severity,
            found.message,
            [(near.where.line, near.where.pointer, near.note) for near in found.related],
        )
        for found in report.findings
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", ["generic", "openai"])
def test_the_same_data_has_the_same_findings(kind: str, target: str) -> None:
    options = {"target": target, "select": "all", "config": {"ignore": ["wrong-extension"]}}
    expected = dslint.lint(ROWS, **options)
    assert {"MSG107", "DUP103", "MSG110", "SEC101"} <= {found.code for found in expected.findings}
    assert told(dslint.lint(KINDS[kind](ROWS), **options)) == told(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_splits_of_every_kind_are_judged_together(kind: str) -> None:
    report = dslint.lint({"train": ROWS, "test": KINDS[kind](ROWS)}, select="leaked-record")
    assert [(found.where.line, found.code) for found in report.findings] == [
        (line + 1, "LEK101") for line in range(len(ROWS))
    ]
    assert {near.where.source for found in report.findings for near in found.related} == {"<train>"}


def test_splits_may_be_files_of_several_folders() -> None:
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "data.jsonl").write_text(json.dumps(ROWS[0]) + "\n")
    report = dslint.lint({"train": "a", "validation": ["b/data.jsonl"]}, select="LEK101")
    assert [found.where.source for found in report.findings] == ["b/data.jsonl"]
    with pytest.raises(dslint.SourceError, match=r"a/data\.jsonl is in two splits"):
        dslint.lint({"train": "a", "test": "a"})


def test_a_report_says_how_it_went() -> None:
    report = dslint.lint(ROWS, select=["empty-assistant", "too-few-examples"])
    assert report.counts == {"error": 1, "warning": 0, "info": 0}
    assert (report.ok, report.records, report.target, report.errors) == (False, len(ROWS), "generic", ())
    assert repr(report) == "<dslint.Report: 1 error, 0 warning, 0 info in 18 records for target generic>"
    assert dslint.lint(ROWS, select="empty-assistant", config={"fail-on": "never"}).ok
    assert dslint.lint(ROWS[:12], select="MSG").ok
    few = dslint.lint(ROWS[:3], select="too-few-examples")
    assert few.ok
    assert not dslint.lint(ROWS[:3], select="too-few-examples", config={"fail-on": "warning"}).ok
    assert few.findings[0].where == ("<data>", 0, "", None, None)


def test_a_rule_that_raises_is_told_and_nothing_is_ok() -> None:
    code = (
        "from dslint import rule\n\n@rule('XXX001')\ndef touchy(record):\n    '''Fails.'''\n    raise LookupError\n"
    )
    Path("touchy.py").write_text(code)
    report = dslint.lint(ROWS[:1], config={"rules": ["touchy.py"], "select": ["XXX001"]})
    assert not report.ok
    assert report.errors == ("internal error in touchy on <data>:1: LookupError: ",)
    assert "internal error in touchy" in report._repr_html_()


def test_the_configuration_is_that_of_the_command_line() -> None:
    Path("dslint.toml").write_text('select = ["empty-assistant"]\ntarget = "openai"\n')
    assert dslint.lint(ROWS).target == "openai"
    assert [found.code for found in dslint.lint(ROWS).findings] == ["MSG107"]
    assert dslint.lint(ROWS, config={}).target == "generic"
    assert dslint.lint(ROWS, config="dslint.toml", select="DUP103", target="azure").findings[0].code == "DUP103"


def test_what_is_accepted_is_left_out(main) -> None:
    Path("dslint.toml").write_text('select = ["empty-assistant"]\n')
    path = in_file(ROWS)
    assert main("baseline", "create", path).code == 0
    assert main("lint", path).code == 0
    assert dslint.lint(path).ok
    assert [found.code for found in dslint.lint(path, config={"select": ["MSG107"]}).findings] == ["MSG107"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (5, TypeError),
        (b"bytes", TypeError),
        ({"train": {"messages": []}}, TypeError),
        ("missing.jsonl", dslint.SourceError),
        (["missing.jsonl"], dslint.SourceError),
        ([{"set": {1, 2}}], dslint.SourceError),
        (pyarrow.chunked_array([[1, 2]]), dslint.SourceError),
    ],
)
def test_what_cannot_be_read_is_one_line(source: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        dslint.lint(source)
    assert len(str(raised.value).splitlines()) == 1


def test_a_configuration_that_is_wrong_is_one_line() -> None:
    for options in ({"target": "nobody"}, {"select": "nothing"}, {"config": {"selct": []}}, {"config": "x.toml"}):
        with pytest.raises(dslint.ConfigError):
            dslint.lint(ROWS, **options)


def test_a_circle_and_a_tower_are_no_json() -> None:
    circle: list[Any] = []
    circle.append(circle)
    tower: Any = 1
    for _ in range(100_000):
        tower = [tower]
    for row in (circle, tower):
        with pytest.raises(dslint.SourceError, match="<data>: row 2: "):
            dslint.lint([{}, {"a": row}])


def test_values_that_json_has_not_are_written_as_what_it_has() -> None:
    frame = polars.DataFrame([turns("Hi", "Ho", cost=Decimal("1.50"), raw=b"\xff", when=None)])
    frame = frame.with_columns(polars.date(2026, 11, 21).alias("when"))
    assert dslint.lint(frame, select=["JSN", "REC"]).findings == ()


def test_copies_live_as_long_as_the_report_and_are_closed_when_there_is_none(monkeypatch) -> None:
    made: list[int] = []
    closed: set[int] = set()
    start, close = Spool.__init__, Spool.close

    def starting(self: Spool, *arguments: Any) -> None:
        self.number = len(made)
        made.append(self.number)
        start(self, *arguments)

    def closing(self: Spool) -> None:
        closed.add(self.number)
        close(self)

    monkeypatch.setattr(Spool, "__init__", starting)
    monkeypatch.setattr(Spool, "close", closing)
    report = dslint.lint({"train": ROWS, "test": polars.DataFrame(ROWS), "more": in_parquet(ROWS)})
    assert (made, closed) == ([0, 1, 2], set())
    del report
    assert closed == {0, 1, 2}
    with pytest.raises(dslint.SourceError) as caught:
        dslint.lint({"train": ROWS, "test": [{"set": {1}}]})
    assert (len(made), closed) == (5, set(made))
    assert caught.tb is not None  # its frames are alive: nothing but the call itself has closed them


def test_findings_are_a_table_in_every_library() -> None:
    report = dslint.lint(ROWS)
    rows = report.to_dicts()
    assert len(rows) == len(report.findings)
    assert report.to_polars().to_dicts() == rows
    assert report.to_arrow().to_pylist() == rows
    assert report.to_pandas()["line"].tolist() == [found.where.line for found in report.findings]
    assert list(report.to_pandas().columns) == list(rows[0])
    clean = dslint.lint(ROWS[:12])
    assert clean.findings == ()
    assert clean.to_polars().schema == report.to_polars().schema


def test_a_secret_is_in_no_form_of_the_report() -> None:
    report = dslint.lint([*ROWS, turns(f"my key {KEY}", "one"), turns(f"my key {KEY}", "two")], select="all")
    assert any(found.code.startswith("SEC") for found in report.findings)
    for shown in (repr(report.findings), str(report.to_dicts()), report.to_html(), report._repr_html_()):
        assert "k3YxQ7bZ" not in shown


def test_the_page_is_that_of_the_command_line(main) -> None:
    path = in_file(ROWS)
    page = dslint.lint(path, target="openai").to_html()
    ran = main("lint", path, "--target", "openai", "--output-format", "html")
    assert (ran.code, ran.out) == (1, page)
    assert page == dslint.lint(path, target="openai").to_html()


def test_a_page_shows_rows_that_are_gone_and_no_file_that_has_changed() -> None:
    assert "Where is my parcel?" in dslint.lint(iter(ROWS)).to_html()
    report = dslint.lint(in_file(ROWS))
    Path("rows.jsonl").write_text("{}\n")
    with pytest.raises(dslint.SourceError, match=r"rows\.jsonl: changed since it was checked"):
        report.to_html()


HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e::error::x\"'><img src=x onerror=y>"


def test_html_is_escaped_and_bounded() -> None:
    rows = [turns(f"{HOSTILE} {number}", "a") for number in range(300)] + [turns(f"{HOSTILE} 7", HOSTILE)]
    rows += [{**row, HOSTILE: 1} for row in rows]
    report = dslint.lint({HOSTILE: rows}, select="all", target="openai")
    assert any("script" in found.message for found in report.findings)
    for shown in (report._repr_html_(), report.to_html()):
        assert not [bad for bad in ("<script", "<img", "\x1b", "\u202e", "::error") if bad in shown]
    assert report._repr_html_().count("<tr>") == 100 + 1
    assert f"and {len(report.findings) - 100:,} more" in report._repr_html_()
