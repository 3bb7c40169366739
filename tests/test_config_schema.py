"""The schema of the configuration accepts what the reader accepts, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import jsonschema
import jsonschema_rs
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from dslint import config_schema
from dslint.config import DATASET_KEYS, KEYS, WAIVER_KEYS, ConfigError, from_table
from dslint.loader import load
from dslint.ruledef import RuleError, accepts

RULES = load(isolated=True)
NAMED = {key: rule for rule in RULES.values() for key in (rule.code, rule.name)}
SCHEMA = config_schema.schema(RULES)
VALID = jsonschema_rs.Draft7Validator(SCHEMA).is_valid
FAULTLESS: dict[str, Any] = {"rule": "blank-line", "record": "0123456789abcdef", "reason": "so it is"}

plain = st.sampled_from(
    [True, False, 0, 7, -1, 2.5, "", "error", "never", "chat", "openai", "JSN", "0123abcd", "x"]
)
known = st.sampled_from([*KEYS, *DATASET_KEYS, *WAIVER_KEYS, "blank-line", "unknown-label", "JSN004", "x y"])
tables = st.dictionaries(known, plain | st.lists(plain, max_size=2), max_size=3)
values = plain | st.lists(plain, max_size=2) | tables | st.lists(tables | st.just(FAULTLESS), max_size=2)


def read(table: dict[str, Any]) -> bool:
    """Whether a run would take the table: the reader does, and so do the rules whose options it sets."""
    try:
        config = from_table(table, Path("dslint.toml"))
        for name, options in config.options.items():
            if name in NAMED:
                NAMED[name].configure(options)
    except (ConfigError, RuleError):
        return False
    # The reader leaves targets to the start of a run.
    return config.target in SCHEMA["properties"]["target"]["enum"]


def test_it_is_a_schema_of_its_draft() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@given(st.dictionaries(st.sampled_from([*KEYS, "x"]), values, max_size=2))
def test_it_accepts_what_the_reader_accepts(table: dict[str, Any]) -> None:
    assert VALID(table) == read(table)


@pytest.mark.parametrize("key", KEYS)
@given(value=values)
def test_every_key_takes_what_the_reader_takes(key: str, value: Any) -> None:
    assert VALID({key: value}) == read({key: value})


def test_the_keys_are_those_of_the_reader_and_each_is_explained() -> None:
    assert list(SCHEMA["properties"]) == list(KEYS)
    inner = {f"dataset.{key}" for key in DATASET_KEYS} | {f"waiver.{key}" for key in WAIVER_KEYS}
    assert config_schema.MEANING.keys() == KEYS.keys() | inner


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.options], ids=lambda rule: rule.name)
@given(data=st.data())
def test_the_options_of_a_rule_are_its_own(rule: Any, data: st.DataObject) -> None:
    names = [option.name for option in rule.options]
    table = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), plain | st.lists(plain, max_size=2)))
    for key in (rule.name, rule.code):
        assert VALID({"options": {key: table}}) == read({"options": {key: table}})
    defaults = {option.name: option.default for option in rule.options if option.default is not None}
    assert VALID({"options": {rule.name: json.loads(json.dumps(defaults))}})


ANNOTATIONS = [bool, int, float, str, int | None, str | bool, tuple[str, ...], list[int], Literal["a", 7]]


@pytest.mark.parametrize("annotation", ANNOTATIONS, ids=str)
@given(value=plain | st.just("a") | st.lists(plain, max_size=3))
def test_a_type_says_what_accepts_says(annotation: Any, value: Any) -> None:
    assert jsonschema_rs.Draft7Validator(config_schema.of_type(annotation)).is_valid(value) == accepts(
        annotation, value
    )


def test_rules_of_ones_own_are_in_the_printed_schema(main, here) -> None:
    (here / "lint").mkdir()
    (here / "lint" / "mine.py").write_text(
        "from dslint import rule\n@rule('ACM001')\ndef mine(message, *, limit: int = 3):\n    yield\n"
    )
    (here / "dslint.toml").write_text('rules = ["lint"]\n')
    printed = json.loads(main("config", "--schema").out)
    assert printed["definitions"]["mine-options"]["properties"]["limit"] == {"type": "integer", "default": 3}
    assert main("config", "--schema", "--isolated").out == config_schema.SHIPPED.read_text("utf-8")


def test_a_key_is_explained(main) -> None:
    ran = main("config", "fail-on")
    assert (ran.code, ran.out.splitlines()[2:]) == (
        0,
        ["type: one of 'error', 'warning', 'info', 'never'", "default: 'error'"],
    )
    assert [line.split()[0] for line in main("config").out.splitlines()] == list(KEYS)
    ran = main("config", "fail_on")
    assert (ran.code, ran.err) == (2, "dslint: error: unknown key `fail_on` (did you mean `fail-on`?)\n")
    assert main("config", "fail-on", "--schema").code == 2


def judged(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "pyproject.toml").write_text(text)
    command = [sys.executable, "-m", "validate_pyproject", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_validate_pyproject_finds_it(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\nversion = "1"\n'
    good = '[tool.dslint]\ntarget = "openai"\n[tool.dslint.options.unknown-label]\nlabels = ["a"]\n'
    done = judged(tmp_path, project + good)
    assert done.returncode == 0, done.stdout + done.stderr
    for wrong in ('target = "openay"', "selekt = []", "[tool.dslint.options.unknown-label]\nlabel = []"):
        done = judged(tmp_path, f"{project}[tool.dslint]\n{wrong}\n")
        assert done.returncode == 1
        assert "tool.dslint" in done.stdout + done.stderr


def test_our_own_configurations_fit() -> None:
    import tomllib

    files = [*(ROOT / "fixtures").rglob("dslint.toml")]
    assert files
    for path in files:
        assert VALID(tomllib.loads(path.read_text("utf-8"))), path
