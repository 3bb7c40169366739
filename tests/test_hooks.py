"""The hooks, run by pre-commit itself, without a network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import offline
import pytest
import yaml

GOOD = '{"messages": [{"role": "user", "content": "Hi %d"}, {"role": "assistant", "content": "Hello %d"}]}\n'
BAD = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]}\n'

Hook = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Hook:
    source = offline.checkout(tmp_path_factory.mktemp("dslint"))
    home = str(tmp_path_factory.mktemp("home"))
    config = {
        "repos": [
            {
                "repo": str(source),
                "rev": offline.git(source, "rev-parse", "HEAD").strip(),
                "hooks": [{"id": "dslint"}, {"id": "dslint-fix"}, {"id": "dslint-dataset"}],
            }
        ]
    }

    def run(repo: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))
        offline.git(repo, "add", "-A")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", name, *(arguments or ("--all-files",))],
            cwd=repo,
            capture_output=True,
            text=True,
            env=offline.environment(PRE_COMMIT_HOME=home, GIT_ALLOW_PROTOCOL="file"),
        )

    return run


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    offline.git(tmp_path, "init", "-q")
    (tmp_path / "train.jsonl").write_text("".join(GOOD % (number, number) for number in range(12)))
    return tmp_path


def test_the_manifest_is_valid() -> None:
    manifest = str(offline.ROOT / ".pre-commit-hooks.yaml")
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", manifest]
    assert subprocess.run(command, check=False).returncode == 0
    hooks = yaml.safe_load((offline.ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["dslint", "dslint-fix", "dslint-dataset"]
    readme = (offline.ROOT / "README.md").read_text()
    assert re.findall(r"- id: (\S+)", readme) == [hook["id"] for hook in hooks]


def test_try_repo_works_offline(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = offline.checkout(tmp_path_factory.mktemp("source"))
    (repo / "train.jsonl").write_text(BAD)
    offline.git(repo, "add", "-A")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(source), "dslint", "--all-files"],
        cwd=repo,
        capture_output=True,
        text=True,
        env=offline.environment(PRE_COMMIT_HOME=str(tmp_path_factory.mktemp("home")), GIT_ALLOW_PROTOCOL="file"),
    )
    assert done.returncode == 1, done.stderr
    assert "empty-assistant" in done.stdout


def test_the_hooks_pass_fail_and_fix(hook: Hook, repo: Path) -> None:
    assert hook(repo, "dslint").returncode == 0
    (repo / "train.jsonl").write_text(BAD)
    failed = hook(repo, "dslint")
    assert failed.returncode == 1
    assert "train.jsonl:1:" in failed.stdout
    (repo / "train.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD.encode() * 1 + b"\n")
    fixed = hook(repo, "dslint-fix")
    assert fixed.returncode == 1
    assert "files were modified by this hook" in fixed.stdout
    assert (repo / "train.jsonl").read_bytes() == GOOD.encode()
    assert hook(repo, "dslint-fix").returncode == 0


def test_a_file_with_a_nul_byte_is_not_passed_over(hook: Hook, repo: Path) -> None:
    (repo / "train.jsonl").write_bytes(b"\x00\x00" + GOOD.encode())
    failed = hook(repo, "dslint")
    assert failed.returncode == 1
    assert "control-character" in failed.stdout


def test_the_dataset_hook_sees_the_whole_set(hook: Hook, repo: Path) -> None:
    (repo / "dslint.toml").write_text('[[dataset]]\nname = "x"\ntrain = ["train.jsonl"]\ntest = ["test.jsonl"]\n')
    (repo / "test.jsonl").write_text(GOOD % (3, 3))
    failed = hook(repo, "dslint-dataset", "--hook-stage", "manual", "--files", "test.jsonl")
    assert failed.returncode == 1
    assert "leaked-record" in failed.stdout
    skipped = hook(repo, "dslint-dataset", "--hook-stage", "manual", "--files", ".pre-commit-config.yaml")
    assert "Skipped" in skipped.stdout
