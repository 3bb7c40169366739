"""The README: what it installs, shows and configures is so. Its other commands: test_pages.py."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import offline
import pages
import pytest

from dslint.config import from_table

ROOT = offline.ROOT
README = pages.read("README.md")
COMMANDS = [line for block in pages.fences(README, "sh") for line in block.splitlines()]
INSTALL = next(line for line in COMMANDS if "pip install ." in line)
DEVELOP = next(line for line in COMMANDS if "[dev]" in line)


def test_the_first_command_installs_and_finds(tmp_path: Path) -> None:
    folder = offline.checkout(tmp_path)
    done = subprocess.run(
        ["sh", "-c", INSTALL], cwd=folder, capture_output=True, text=True, env=offline.environment()
    )
    assert done.returncode == 1, done.stderr
    assert pages.fences(README, "text")[0] in done.stdout
    assert offline.git(folder, "status", "--porcelain") == ""


def test_the_second_command_is_the_gates_and_installs_in_place(tmp_path: Path) -> None:
    install, _, tests = DEVELOP.partition(" && ")
    gate = (ROOT / ".ci" / "run").read_text()
    assert f"\n{tests}\n" in gate
    folder = offline.checkout(tmp_path)
    script = f"python3 -m venv .venv && {install} && .venv/bin/dslint --version"
    done = subprocess.run(
        ["sh", "-c", script], cwd=folder, capture_output=True, text=True, env=offline.environment()
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("dslint ")
    assert offline.git(folder, "status", "--porcelain") == ""


def test_the_python_does_what_its_comments_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    block = pages.fences(README, "python")[0]
    known: dict[str, Any] = {}
    exec(block, known)
    said = re.search(r"^report\.ok, report\.counts +# (.*)$", block, re.M)
    assert said is not None
    assert (known["report"].ok, known["report"].counts) == eval(said[1])


def test_the_configuration_is_accepted(tmp_path: Path) -> None:
    import tomllib

    block = pages.fences(README, "toml")[0]
    config = from_table(tomllib.loads(block), tmp_path / "dslint.toml", block)
    assert config.dataset[0].name == "support"


def test_nothing_installs_the_strangers_package() -> None:
    for name in ("README.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"(pip install|uvx|uv tool run|pipx \w+) +dslint\b", text), name
