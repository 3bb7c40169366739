"""Every command in the README does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import offline
import pytest

from dslint.config import from_table

ROOT = offline.ROOT
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) for line in block.splitlines()]
INSTALL = next(line for line in COMMANDS if "pip install ." in line)
DEVELOP = next(line for line in COMMANDS if "[dev]" in line)


def test_the_first_command_installs_and_finds(tmp_path: Path) -> None:
    folder = offline.checkout(tmp_path)
    done = subprocess.run(
        ["sh", "-c", INSTALL], cwd=folder, capture_output=True, text=True, env=offline.environment()
    )
    assert done.returncode == 1, done.stderr
    expected = re.search(r"^```text\n(.*?)^```", README, re.M | re.S)
    assert expected is not None
    assert expected[1] in done.stdout
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


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("dslint ")])
def test_every_other_command_runs(command: str, tmp_path: Path) -> None:
    for name in ("train.jsonl", "test.jsonl"):
        (tmp_path / name).write_bytes((ROOT / "fixtures" / "projects" / "triage" / name).read_bytes())
    script = re.sub(r"^dslint ", f"{shlex.quote(os.sys.executable)} -m dslint ", command)
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout or done.stderr
    assert "Traceback" not in done.stderr


def test_the_python_does_what_its_comments_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    block = re.search(r"^```python\n(.*?)^```", README, re.M | re.S)
    assert block is not None
    known: dict[str, Any] = {}
    exec(block[1], known)
    said = re.search(r"^report\.ok, report\.counts +# (.*)$", block[1], re.M)
    assert said is not None
    assert (known["report"].ok, known["report"].counts) == eval(said[1])


def test_the_configuration_is_accepted(tmp_path: Path) -> None:
    import tomllib

    block = re.search(r"^```toml\n(.*?)^```", README, re.M | re.S)
    assert block is not None
    config = from_table(tomllib.loads(block[1]), tmp_path / "dslint.toml", block[1])
    assert config.dataset[0].name == "support"


def test_links_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "fixtures/README.md", "benchmarks/README.md"):
        text = (ROOT / name).read_text("utf-8")
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert link.startswith("https://") or (ROOT / name).parent.joinpath(link).exists(), f"{name}: {link}"


def test_nothing_installs_the_strangers_package() -> None:
    for name in ("README.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"(pip install|uvx|uv tool run|pipx \w+) +dslint\b", text), name
