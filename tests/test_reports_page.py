"""The page about reports: its commands run, and its table has every format and none that is not there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from dslint.report import FORMATS

PAGE = (ROOT / "docs" / "reports.md").read_text("utf-8")
COMMANDS = next(re.finditer(r"^```sh\n(.*?)^```", PAGE, re.M | re.S))[1].splitlines()


@pytest.fixture
def data(here: Path) -> Path:
    (here / "data").mkdir()
    for path in (ROOT / "fixtures" / "projects" / "triage").glob("*.jsonl"):
        (here / "data" / path.name).write_bytes(path.read_bytes())
    return here


def test_the_table_has_every_format() -> None:
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.M)) == sorted(FORMATS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_write_what_they_say(main: Any, data: Path, command: str) -> None:
    ran = main(*shlex.split(command)[1:])
    assert (ran.code, ran.err) == (1, "")
    for path in re.findall(r"[\w-]+\.(?:html|sarif|json)\b", command):
        assert (data / path).stat().st_size > 1000
    assert "DUP103" in ran.out or " -o " in command


def test_names_lead_somewhere() -> None:
    assert (ROOT / "dslint" / "report" / "findings.schema.json").is_file()
    assert "docs/reports.md" in (ROOT / "README.md").read_text("utf-8")
