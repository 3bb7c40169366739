"""The HTML report as people meet it: a validator, and a browser with its accessibility checker, at two widths.

They come from a package registry (`npm ci --prefix tests/browser`, as .ci/run does), and any Chromium will do.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from reporting import FIXTURES, written

from dslint.report import Report

PACKAGES = ROOT / "tests" / "browser"
CHROMIUM = os.environ.get("DSLINT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
MISSING = [
    what
    for what, there in (
        ("node", shutil.which("node")),
        ("tests/browser/node_modules (npm ci --prefix tests/browser)", (PACKAGES / "node_modules").is_dir()),
        ("a browser (DSLINT_CHROMIUM, or chromium on the path)", CHROMIUM),
    )
    if not there
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"missing: {', '.join(MISSING)}")


def judged(path: Path) -> dict[str, Any]:
    """What validator and browser say of a page."""
    command = ["node", str(PACKAGES / "judge.mjs"), str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"DSLINT_CHROMIUM": CHROMIUM}, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert [(one["width"], one["scheme"]) for one in found["views"]] == [
        (width, scheme) for width in (390, 1280) for scheme in ("light", "dark")
    ]
    return found


def approve(path: Path) -> None:
    found = judged(path)
    assert found["invalid"] == []
    grounds = set()
    for view in found["views"]:
        assert (view["overflow"], view["complaints"], view["requests"], view["faults"]) == (0, [], [], []), view
        assert view["unreached"] == []
        assert view["passes"] > 15  # the checker has looked
        grounds.add((view["scheme"], view["ground"]))
    assert len(grounds) == len({ground for _, ground in grounds}) == 2  # the style is applied, in light and dark


def test_findings_and_facts(main: Any, here: Path) -> None:
    triage = FIXTURES / "projects" / "triage"
    config = ("--config", triage / "dslint.toml")
    main("lint", *config, "--report", "html=page.html", triage, FIXTURES / "err", "gone.jsonl")
    assert "Could not check" in (here / "page.html").read_text("utf-8")
    approve(here / "page.html")


def test_nothing_found(main: Any, here: Path, sound: Any) -> None:
    (here / "a.jsonl").write_bytes(sound(30))
    assert main("lint", "--isolated", "--report", "html=page.html", "a.jsonl").code == 0
    approve(here / "page.html")


def test_hostile_text(heap: tuple[Report, Report], here: Path) -> None:
    report = heap[0]
    few = [one for number, one in enumerate(report.findings) if number % 20 == 0]
    hostile = Report(type(report.result)(few, rules=report.result.rules), report.sources, "generic")
    (here / "page.html").write_text(written("html", hostile), "utf-8")
    approve(here / "page.html")


def test_the_judges_judge(here: Path) -> None:
    (here / "page.html").write_text(
        '<!DOCTYPE html><html><head><title>x</title></head><body><p style="width:2000px;color:#eee">pale'
        '<div><img src="http://127.0.0.1:9/x.png"></p><script>console.error(1)</script></body></html>'
    )
    found = judged(here / "page.html")
    assert any("no-inline-style" in one for one in found["invalid"])
    for view in found["views"]:
        assert view["overflow"] > 0
        assert view["complaints"]
        assert "http://127.0.0.1:9/x.png" in view["requests"]
        assert {fault.split()[0] for fault in view["faults"]} >= {"color-contrast", "image-alt", "html-has-lang"}
