"""The page about reports: its table has every format and none that is not there."""

from __future__ import annotations

import re

import pages

from dslint.report import FORMATS

PAGE = pages.read("docs/reports.md")


def test_the_table_has_every_format() -> None:
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.M)) == sorted(FORMATS)


def test_the_schema_it_speaks_of_is_there() -> None:
    assert "findings.schema.json" in PAGE
    assert (pages.ROOT / "dslint" / "report" / "findings.schema.json").is_file()
