"""Completion, in the shells themselves: the script is printed and read by a shell, and the key is pressed."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from conftest import environment

from dslint.cli.completion import SCRIPTS, answers
from dslint.config import KEYS
from dslint.convert import WRITERS
from dslint.loader import load
from dslint.report import FORMATS
from dslint.targets import names

LONGEST = 60  # seconds that a shell may take to start, or to answer, on any machine

# What is typed before the key, and what must stand there after it.
TYPED = [
    ("dslint spl", "dslint split"),
    ("dslint rule empty-as", "dslint rule empty-assistant"),
    ("dslint rule MSG10", "dslint rule MSG107"),
    ("dslint lint --extend-sel", "dslint lint --extend-select"),
    ("dslint lint --select JSN,empty-as", "dslint lint --select JSN,empty-assistant"),
    ("dslint lint --output-format=sar", "dslint lint --output-format=sarif"),
    ("dslint lint --target torch", "dslint lint --target torchtune"),
    ("dslint lint only-h", "dslint lint only-here.jsonl"),
    ("dslint baseline upd", "dslint baseline update"),
]
SEVERAL = ("dslint rule MSG10", "dslint rule MSG107")  # which only lists them

START = {
    "bash": (["--norc", "--noprofile", "-i"], "source ./script; PS1='rea''dy> '\n"),
    "zsh": (
        ["-f", "-i"],
        "autoload -Uz compinit; compinit -u -D; source ./script; setopt no_beep; PS1='rea''dy> '\n",
    ),
}


@pytest.fixture
def place(here: Path, on_path: None) -> Path:
    """A folder with one data file, and `dslint` on the path."""
    (here / "only-here.jsonl").write_text("")
    return here


def read_until(terminal: int, wanted: bytes) -> bytes:
    seen, end = b"", time.monotonic() + LONGEST
    while wanted not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 4096)
    return seen


def pressed(shell: str, line: str, wanted: str) -> bytes:
    """What a terminal shows when the line is typed and the key is pressed."""
    flags, setup = START[shell]
    path = shutil.which(shell)
    assert path is not None
    terminal, inside = pty.openpty()
    variables = environment(TERM="vt100", HISTFILE="", INPUTRC="/dev/null", COLUMNS="200")
    started = subprocess.Popen(
        [path, *flags], stdin=inside, stdout=inside, stderr=inside, env=variables, start_new_session=True
    )
    os.close(inside)
    try:
        os.write(terminal, setup.encode())
        read_until(terminal, b"ready> ")
        os.write(terminal, f"{line}\t".encode())
        return read_until(terminal, wanted.encode())
    finally:
        started.kill()
        started.wait()
        os.close(terminal)


@pytest.mark.parametrize("shell", START)
@pytest.mark.parametrize(("line", "wanted"), [pair for pair in TYPED if pair != SEVERAL])
def test_the_key_completes(place: Path, main, shell: str, line: str, wanted: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (place / "script").write_text(main("completion", shell).out)
    # The terminal shows what was typed, and then what the shell adds to it.
    assert wanted.encode() in pressed(shell, line, wanted)


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("line", "wanted"), TYPED)
def test_fish_completes(place: Path, main, line: str, wanted: str) -> None:
    (place / "script").write_text(main("completion", "fish").out)
    command = ["fish", "--no-config", "-c", f"source ./script; complete -C {line!r}"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    assert wanted.split()[-1] in [answer.partition("\t")[0] for answer in done.stdout.splitlines()], done.stderr


def values(line: str) -> list[str]:
    return [value for value, _ in answers(line)]


def test_every_rule_target_layout_format_and_key_is_offered() -> None:
    rules = load(isolated=True)
    assert values("dslint rule ") == [rule.name for rule in rules.values()]
    assert values("dslint rule JSN") == [code for code in rules if code.startswith("JSN")]
    assert {*(rule.name for rule in rules.values()), "all", "JSN"} <= set(values("dslint lint --ignore "))
    assert values("dslint lint --target ") == names()
    assert values("dslint lint --output-format ") == list(FORMATS)
    assert set(values("dslint convert --to ")) == set(WRITERS)
    assert values("dslint config ") == list(KEYS)
    assert values("dslint lint --fail-on ") == ["error", "warning", "info", "never"]


@pytest.mark.parametrize(
    "line", ["", "dslint", "dslint nothing ", "dslint lint 'a b", "dslint lint --no ", "\t", "é "]
)
def test_any_line_has_answers_or_none(main, line: str) -> None:
    assert main("completion", "--line", line).code == 0


def test_pressing_a_key_runs_nobodys_rules(main, here: Path) -> None:
    (here / "lint").mkdir()
    (here / "lint" / "mine.py").write_text("open('ran', 'w')\n")
    (here / "dslint.toml").write_text('rules = ["lint"]\n')
    assert "empty-assistant" in main("completion", "--line", "dslint rule ").out
    assert not (here / "ran").exists()


def test_an_unknown_shell_is_2(main) -> None:
    ran = main("completion", "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert ", ".join(SCRIPTS) in ran.err
