"""Every page: its links lead somewhere, and every block of dslint's commands runs."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pages
import pytest
from conftest import environment

PAGES = sorted(
    path.relative_to(pages.ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "rules/**/*.md", "fixtures/**/*.md", "benchmarks/*.md", "dslint/**/*.md")
    for path in pages.ROOT.glob(pattern)
)
SESSIONS = [
    (name, number, block)
    for name in PAGES
    for number, block in enumerate(pages.fences(pages.read(name), "sh"))
    if block.startswith("dslint ")
]


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S))


def anchors(text: str) -> set[str]:
    """The names that GitHub gives the headings of a page."""
    found: set[str] = set()
    seen: Counter[str] = Counter()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S), re.M):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(pages.read(name))):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (pages.ROOT / name).parent / path if path else pages.ROOT / name
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text("utf-8")), link


def test_every_page_of_docs_is_found_from_the_readme() -> None:
    readme = pages.read("README.md")
    assert [name for name in PAGES if name.startswith("docs/") and f"]({name})" not in readme] == []


@pytest.mark.parametrize(("name", "number", "block"), SESSIONS, ids=lambda value: str(value)[:20])
def test_commands_run(here: Path, on_path: None, name: str, number: int, block: str) -> None:
    for file in ("train.jsonl", "test.jsonl"):
        (here / file).write_bytes((pages.SAMPLE / file).read_bytes())
    for command in block.splitlines():
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment()
        )
        assert done.returncode in (0, 1), (command, done.stderr)
        assert "dslint: error: " not in done.stderr, command
        assert done.stdout or done.stderr or ">" in command, command
