"""The way from a dirty repository to a gate, as its page says."""

from __future__ import annotations

import json
import re
import shlex

import pytest
import yaml
from conftest import ROOT

from dslint.config import from_table

PAGE = (ROOT / "docs" / "adopting.md").read_text("utf-8")
COMMANDS = next(re.finditer(r"^```sh\n(.*?)^```", PAGE, re.M | re.S))[1].splitlines()


@pytest.fixture
def dirty(here):
    for name in ("train.jsonl", "test.jsonl"):
        data = (ROOT / "fixtures" / "projects" / "triage" / name).read_bytes()
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

    block = next(re.finditer(r"^```toml\n(.*?)^```", PAGE, re.M | re.S))[1]
    config = from_table(tomllib.loads(block), here / "dslint.toml", block)
    assert config.waiver[0].rule == "conflicting-answers"


def test_inputs_and_hooks_of_the_page_are_there():
    steps, hooks = (yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S))
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    assert set(steps["steps"][1]["with"]) <= set(inputs)
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} <= known
