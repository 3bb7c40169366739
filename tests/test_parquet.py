"""Parquet on the command line: rows are records, the file itself is never written to."""

from __future__ import annotations

import json
from pathlib import Path

import polars
import pytest

EMPTY_ANSWER = {"messages": [{"role": "user", "content": "Hi  "}, {"role": "assistant", "content": ""}]}


@pytest.fixture
def parquet(here: Path, sound) -> Path:
    rows = [json.loads(line) for line in sound(11).splitlines()]
    polars.DataFrame([*rows, EMPTY_ANSWER]).write_parquet("data.parquet")
    return here / "data.parquet"


def test_findings_name_the_row(main, parquet) -> None:
    ran = main("lint", "data.parquet", "--output-format", "json", "--select", "JSN,REC,MSG")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (1, "")
    assert [(one["code"], one["path"], one["line"]) for one in found["findings"]] == [
        ("MSG107", "data.parquet", 12)
    ]
    assert found["summary"]["records"] == 12


def test_a_fix_leaves_it_alone(main, parquet) -> None:
    before = parquet.read_bytes()
    for more in ([], ["--diff"]):
        main("lint", "data.parquet", "--fix", "--unsafe-fixes", "--select", "all", *more)
    assert parquet.read_bytes() == before


def test_convert_makes_lines_of_it(main, parquet, here) -> None:
    assert main("convert", "data.parquet", "--to", "chat", "-o", "data.jsonl").code == 0
    lines = (here / "data.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines][-1] == EMPTY_ANSWER


def test_convert_makes_a_table_of_lines(main, parquet, here) -> None:
    assert main("convert", "data.parquet", "--to", "chat", "-o", "data.jsonl").code == 0
    assert main("convert", "data.jsonl", "--to", "chat", "-o", "again.parquet").code == 0
    again = polars.read_parquet("again.parquet")
    assert again.to_dicts() == polars.read_parquet("data.parquet").to_dicts()


@pytest.mark.parametrize("content", ['["x"]', '[{"type": "text", "text": "x"}, {"type": "image", "url": 1}]'])
def test_what_is_no_table_is_said_and_nothing_is_written(main, here, sound, content) -> None:
    odd = f'{{"messages": [{{"role": "user", "content": {content}}}, {{"role": "assistant", "content": "y"}}]}}\n'
    (here / "data.jsonl").write_bytes(sound(3) + odd.encode())
    ran = main("convert", "data.jsonl", "--to", "chat", "-o", "data.parquet")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("dslint: error: data.parquet: no table: ")
    assert [path.name for path in here.iterdir()] == ["data.jsonl"]


def test_a_damaged_file_is_2_and_the_others_are_read(main, parquet, here) -> None:
    (here / "bad.parquet").write_bytes(parquet.read_bytes()[:200])
    ran = main("lint", "bad.parquet", "data.parquet", "--select", "MSG107")
    assert ran.code == 2
    assert ran.err.startswith("dslint: error: bad.parquet: ")
    assert len(ran.err.splitlines()) == 1
    assert "data.parquet:12:" in ran.out


def test_many_row_groups_keep_their_order(main, here) -> None:
    rows = [{"messages": [{"role": "user", "content": str(number)}]} for number in range(25_000)]
    rows[20_000] = EMPTY_ANSWER
    polars.DataFrame(rows).write_parquet("data.parquet", row_group_size=1_000)
    ran = main("lint", "data.parquet", "--select", "empty-assistant", "--output-format", "concise")
    assert ran.out.startswith("data.parquet:20001:")


def test_a_split_has_its_rows_as_lines(main, parquet, here) -> None:
    assert main("split", "data.parquet", "-o", "out").code == 0
    rows = [json.dumps(row) for row in polars.read_parquet(parquet).to_dicts()]
    written = [
        json.dumps(json.loads(line))
        for name in ("train", "test", "rejected")
        for line in (here / f"out/{name}.jsonl").read_text().splitlines()
    ]
    assert sorted(written) == sorted(rows)
    assert main("split", "--check", "out").code == 0
