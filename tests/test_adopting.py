"""The way from a dirty repository to a gate, as its page says."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pages
import pytest
import yaml
from conftest import ROOT

from dslint.config import from_table

PAGE = pages.read("docs/adopting.md")
COMMANDS = pages.fences(PAGE, "sh")[0].splitlines()


@pytest.fixture
def dirty(here):
    for name in ("train.jsonl", "test.jsonl"):
        data = (pages.SAMPLE / name).read_bytes()
        (here / name).write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") + b"\n")
    (here / "more.jsonl").write_text('{"messages": [{"role": "user", "content": "A name that tells no role"}]}\n')
    return here


def test_five_commands_lead_to_a_gate(main, dirty):
    assert len(COMMANDS) == 5
    for command in COMMANDS:
        ran = main(*shlex.split(command)[1:])
        assert (ran.code, "error:" in ran.err) == (0, False), (command, ran)
    assert b"\r\n" not in (dirty / "train.jsonl").read_bytes()
    clean = {name: (dirty / name).read_bytes() for name in ("train.jsonl", "test.jsonl", "more.jsonl")}
    turns = [{"role": "user", "content": "Nobody asked before?"}, {"role": "assistant", "content": ""}]
    for name, data in clean.items():
        (dirty / name).write_bytes(data + json.dumps({"messages": turns}).encode() + b"\n")
        assert main("lint").code == 1, name
        (dirty / name).write_bytes(data)
        assert main("lint").code == 0, name


def test_the_waiver_of_the_page_is_one(here):
    import tomllib

    block = pages.fences(PAGE, "toml")[0]
    config = from_table(tomllib.loads(block), here / "dslint.toml", block)
    assert config.waiver[0].rule == "conflicting-answers"


def test_inputs_and_hooks_of_the_page_are_there():
    workflow, hooks = (yaml.safe_load(block) for block in pages.fences(PAGE, "yaml"))
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert set(workflow["jobs"]["dslint"]["steps"][1]["with"]) <= set(inputs)
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} <= known


@pytest.mark.parametrize(
    "judge",
    [
        ("actionlint", "-no-color"),
        ("zizmor", "--offline"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    ],
    ids=lambda judge: judge[0],
)
def test_tools_that_judge_workflows_find_nothing(here, judge):
    path = here / ".github" / "workflows" / "data.yml"
    path.parent.mkdir(parents=True)
    path.write_text(pages.fences(PAGE, "yaml")[0])
    tool = Path(sys.executable).with_name(judge[0])
    if judge[0] == "actionlint" and not tool.exists():
        pytest.skip("actionlint is not there for this platform")
    done = subprocess.run([tool, *judge[1:], path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
