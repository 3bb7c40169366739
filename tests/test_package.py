"""What is installed: complete from wheel and sdist, light to start, typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import offline
import pytest

ROOT = offline.ROOT
HEAVY = (
    "polars",
    "numpy",
    "tiktoken",
    "toktok",
    "jsonschema",
    "jsonschema_rs",
    "rapidfuzz",
    "rich",
    "zstandard",
    "re2",
    "ftfy",
    "phonenumbers",
    "stdnum",
)
ROW = '{"messages": [{"role": "user", "content": "Hi %d"}, {"role": "assistant", "content": "Hello"}]}\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = offline.checkout(tmp_path_factory.mktemp("build"))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist")]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=offline.environment())
    return folder / "dist"


def test_the_wheel_has_rules_data_and_licences(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        metadata = next(name for name in names if name.endswith("METADATA"))
        text = wheel.read(metadata).decode()
    for name in (
        "dslint/rules/msg/empty_assistant.py",
        "dslint/rules/msg/empty_assistant.md",
        "dslint/rules/jsn/blank_line.toml",
        "dslint/rules/targets/generic.toml",
        "dslint/rules/prices/openai.toml",
        "dslint/data/o200k_base.tiktoken.gz",
        "dslint/data/config.schema.json",
        "dslint/report/findings.schema.json",
        "dslint/similarity/words_en.toml",
        "dslint/py.typed",
    ):
        assert name in names
    assert not [name for name in names if name.startswith(("tests/", "rules/", "fixtures/"))]
    assert "License-Expression: Apache-2.0" in text
    assert "Name: dslint-chat" in text


def test_the_sdist_has_what_tests_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert {"rules/msg/empty_assistant.md", "tests/test_rules.py", "fixtures/README.md", "LICENSE"} <= names


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_both_work_when_installed(built: Path, kind: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", next(built.glob(kind))], check=True, env=offline.environment()
    )
    (tmp_path / "data.jsonl").write_text(ROW % 1 + "{oops\n")
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "dslint", "lint", "data.jsonl", "--output-format", "json"],
        cwd=tmp_path,
        capture_output=True,
        env=offline.environment(),
    )
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]] == ["SET101", "JSN020"]


def imported(code: str, tmp_path: Path) -> set[str]:
    script = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_costs_next_to_nothing(tmp_path: Path) -> None:
    assert not imported("import dslint", tmp_path) & {*HEAVY, "typer", "dataclasses", "json.decoder.x"}


def test_linting_rows_imports_no_library_of_tables(tmp_path: Path) -> None:
    row = (ROW % 1).strip()
    code = f"import dslint\nassert dslint.lint([{row}], select=['MSG', 'JSN', 'REC']).ok"
    assert not imported(code, tmp_path) & {"polars", "pandas", "pyarrow", "datasets", "numpy", "typer"}


def test_the_version_costs_no_import(tmp_path: Path) -> None:
    code = "sys.argv = ['dslint', '--version']\nfrom dslint.__main__ import main\nmain()"
    assert not imported(code, tmp_path) & {*HEAVY, "typer", "inspect", "jiter"}


def test_a_small_lint_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text("".join(ROW % number for number in range(100)))
    code = "from dslint.cli import run\nassert run(['lint', '--scope', 'file', 'data.jsonl']) == 0"
    asked_everywhere = {"re2"}  # by the gates of the rules that are on by default, also in a small file
    assert not imported(code, tmp_path) & (set(HEAVY) - asked_everywhere)


def test_public_names_are_sorted_and_there() -> None:
    import dslint

    assert dslint.__all__ == sorted(dslint.__all__)
    for name in dslint.__all__:
        assert getattr(dslint, name) is not None


def test_the_changelog_knows_the_version() -> None:
    import dslint

    assert f"## [{dslint.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_gate_runs_what_the_readme_says() -> None:
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert "ruff check" in gate.read_text()
