"""Every page: its links lead somewhere, and every block of dslint's commands runs."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pages
import pytest
from conftest import environment

from dslint.config import from_table

PAGES = sorted(
    path.relative_to(pages.ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "rules/**/*.md", "fixtures/**/*.md", "benchmarks/*.md", "dslint/**/*.md")
    for path in pages.ROOT.glob(pattern)
)
SESSIONS = [
    name for name in PAGES if any(block.startswith("dslint ") for block in pages.fences(pages.read(name), "sh"))
]

# Names of files that a command writes.
WRITTEN = re.compile(r"(?:-o |=|> )([\w.-]+\.(?:html|sarif|json|jsonl|md|bash|fish)|_dslint)(?= |$)")


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", pages.without_code(text))


def anchors(text: str) -> set[str]:
    """The names that GitHub gives the headings of a page."""
    found: set[str] = set()
    seen: Counter[str] = Counter()
    for heading in re.findall(r"^#+ (.*)$", pages.without_code(text), re.M):
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


@pytest.mark.parametrize("name", SESSIONS)
def test_commands_run_and_give_what_the_page_says(here: Path, on_path: None, name: str) -> None:
    """In one folder and in order; a block with a name is a file, `text` is a part of the last output."""
    for file in ("train.jsonl", "test.jsonl"):
        (here / file).write_bytes((pages.SAMPLE / file).read_bytes())
    output = ""
    for block in pages.blocks(pages.read(name)):
        if block.name:
            (here / block.name).parent.mkdir(exist_ok=True)
            (here / block.name).write_text(block.body)
        elif block.kind == "sh" and block.body.startswith("dslint "):
            output = "".join(ran(command) for command in block.body.splitlines())
        elif block.kind == "text" and output:
            assert block.body in output


def ran(command: str) -> str:
    """Run one command and return what it said. It finds something or not, and fails at nothing."""
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment()
    )
    assert done.returncode in (0, 1), (command, done.stderr)
    assert "dslint: error: " not in done.stderr, command
    written = WRITTEN.findall(command)
    assert done.stdout or done.stderr or written, command
    for path in written:
        assert Path(path).stat().st_size, (command, path)
    return done.stdout


def test_every_configuration_on_a_page_is_one(here: Path) -> None:
    tried = 0
    for name in PAGES:
        if name.startswith("rules/"):  # `dslint test` reads those
            continue
        for body in pages.fences(pages.read(name), "toml"):
            if "[[rule]]" not in body:
                from_table(tomllib.loads(body), here / "dslint.toml", body)
                tried += 1
    assert tried > 5


def test_the_figures_on_performance_are_those_of_the_benchmarks() -> None:
    measured = set(re.findall(r"[\d,.]*\d", pages.read("benchmarks/README.md")))
    page = pages.read("docs/performance.md")
    figures = [figure for row in re.findall(r"^\|.*\d.*$", page, re.M) for figure in re.findall(r"[\d,.]*\d", row)]
    figures += [
        figure for line in re.findall(r"^.*CPU seconds.*$", page, re.M) for figure in re.findall(r"[\d,.]*\d", line)
    ]
    assert len(figures) > 40
    assert set(figures) - measured == set()
