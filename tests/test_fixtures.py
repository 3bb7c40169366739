"""Whole data sets with the output they must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslint.cli import run

FIXTURES = Path(__file__).parent.parent / "fixtures"


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    run(["lint", "--no-progress", "--max-per-rule", "0", "--color", "never", *arguments])
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("ok/*.jsonl")), ids=lambda path: path.stem)
def test_good_data_is_met_with_silence(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    assert report(capsys, "--isolated", path.name).startswith("All checks passed!")


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("err/*.jsonl*")), ids=lambda path: path.stem)
def test_bad_data_is_met_with_exactly_this(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    expected = path.with_name(path.name.split(".")[0] + ".txt").read_text("utf-8")
    assert report(capsys, "--isolated", path.name) == expected


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("projects/*")), ids=lambda path: path.name)
def test_a_project_gives_exactly_this(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert report(capsys) == (folder / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "path", sorted(set(FIXTURES.glob("fix/*.jsonl")) - set(FIXTURES.glob("fix/*.fixed.jsonl")))
)
def test_fixes_write_exactly_this_and_are_done(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    expected = path.with_name(f"{path.stem}.fixed.jsonl").read_bytes()
    for _ in range(2):
        run(["lint", "--isolated", "--fix", "--unsafe-fixes", str(copy)])
        assert copy.read_bytes() == expected
