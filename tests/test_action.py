"""The GitHub Action: its steps run as a runner would run them, and the tools that judge actions agree with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import offline
import pytest
import yaml
from conftest import ROOT, environment

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
DIRTY = '{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": ""}]}\n'


@pytest.fixture
def runner(here):
    """Run the step `lint` with these inputs in a folder `work`; its exit code, outputs, summary and log."""
    work, temp = here / "work", here / "temp"
    (temp / "dslint" / "bin").mkdir(parents=True)
    work.mkdir()
    shim = temp / "dslint" / "bin" / "dslint"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dslint "$@"\n')
    shim.chmod(0o755)
    (work / "train.jsonl").write_text(DIRTY)

    def call(**given):
        inputs = {name: str(spec["default"]) for name, spec in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "lint")
        own = {
            key: inputs[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]]
            for key, value in step["env"].items()
        }
        files = {"GITHUB_OUTPUT": here / "output", "GITHUB_STEP_SUMMARY": here / "summary"}
        for path in files.values():
            path.write_text("")
        variables = environment(
            **own,
            RUNNER_TEMP=str(temp),
            GITHUB_ACTION_PATH=str(ROOT),
            **{key: str(path) for key, path in files.items()},
        )
        done = subprocess.run(["bash", "-c", step["run"]], cwd=work, env=variables, capture_output=True, text=True)
        output = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        return done, output, files["GITHUB_STEP_SUMMARY"].read_text()

    return call


def test_findings_are_annotated_summarised_and_fail_the_job(runner, here):
    done, output, summary = runner(paths="train.jsonl", sarif_file="out.sarif")
    assert (done.returncode, output) == (1, {"exit-code": "1", "sarif-file": "out.sarif"}), done.stderr
    assert "::error file=train.jsonl,line=1" in done.stdout
    assert "empty-assistant" in summary
    assert json.loads((here / "work" / "out.sarif").read_text())["version"] == "2.1.0"


def test_the_first_step_installs_from_the_checkout(tmp_path):
    action, temp = offline.checkout(tmp_path / "action"), tmp_path / "temp"
    temp.mkdir()
    step = next(step for step in ACTION["runs"]["steps"] if "env" not in step)
    variables = offline.environment(RUNNER_TEMP=str(temp), GITHUB_ACTION_PATH=str(action))
    done = subprocess.run(["bash", "-c", step["run"]], cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ran = subprocess.run([temp / "dslint" / "bin" / "dslint", "--version"], capture_output=True, text=True)
    assert ran.stdout.startswith("dslint ")


def test_each_part_can_be_switched_off(runner):
    done, output, summary = runner(paths="train.jsonl", annotations="false", summary="false", fail_on="never")
    assert (done.returncode, output, summary) == (0, {"exit-code": "0"}, "")
    assert "::" not in done.stdout


def test_without_paths_the_declared_datasets_are_read(runner, here):
    (here / "work" / "dslint.toml").write_text('[[dataset]]\ntrain = ["train.jsonl"]\n')
    assert runner()[1] == {"exit-code": "1"}


def test_more_arguments_are_passed_on(runner):
    assert runner(paths="train.jsonl", args="--ignore MSG107\n  --ignore SET101")[0].returncode == 0


@pytest.mark.parametrize("hostile", ["$(touch x)", "`touch x`", "; touch x", "a b\nc", "*", "'\""])
@pytest.mark.parametrize("name", ["paths", "args", "sarif_file", "fail_on", "diff_base"])
def test_nothing_in_an_input_is_run(runner, here, name, hostile):
    done, _, _ = runner(**{"paths": "train.jsonl", name: hostile})
    assert not (here / "work" / "x").exists()
    assert done.returncode in (1, 2)


def test_a_path_is_no_option(runner, here):
    assert runner(paths="--output-file=x")[1] == {"exit-code": "2"}
    assert not (here / "work" / "x").exists()


def test_inputs_come_through_the_environment_alone():
    steps = ACTION["runs"]["steps"]
    assert all("${{" not in step["run"] and step["shell"] == "bash" for step in steps)


def test_every_input_is_used_and_described():
    used = " ".join(value for step in ACTION["runs"]["steps"] for value in step.get("env", {}).values())
    used += " ".join(step.get("working-directory", "") for step in ACTION["runs"]["steps"])
    assert all(f"inputs.{name} " in used and spec["description"] for name, spec in ACTION["inputs"].items())


@pytest.mark.parametrize(
    "judge",
    [
        ("zizmor", "--offline", "--persona=auditor"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-actions"),
    ],
    ids=lambda judge: judge[0],
)
def test_tools_that_judge_actions_find_nothing(judge):
    tool = Path(sys.executable).with_name(judge[0])
    done = subprocess.run([tool, *judge[1:], ROOT / "action.yml"], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stdout + done.stderr
