"""The hooks, run by pre-commit and by prek, without a network."""

from __future__ import annotations

import json
import os
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

BIN = Path(sys.executable).parent
RUNNERS = {"pre-commit": [sys.executable, "-m", "pre_commit"], "prek": [str(BIN / "prek")]}

# prek installs with uv, which would look for what dslint needs in an index; it is found on PYTHONPATH.
UV = "no-index = true\n[pip]\nno-deps = true\nno-build-isolation = true\n"

FILES = 2000

Ran = subprocess.CompletedProcess[str]
Hook = Callable[..., Ran]


def hooks(folder: Path, repo: Path, runner: str, *arguments: str) -> Ran:
    """Run pre-commit or prek in a repository, with a home of its own in the folder."""
    (folder / "uv.toml").write_text(UV)
    home = str(folder / runner)
    own = {"PRE_COMMIT_HOME": home, "PREK_HOME": home, "UV_CONFIG_FILE": str(folder / "uv.toml"), "UV_OFFLINE": "1"}
    variables = offline.environment(GIT_ALLOW_PROTOCOL="file", PATH=f"{BIN}:{os.environ['PATH']}", **own)
    return subprocess.run([*RUNNERS[runner], *arguments], cwd=repo, capture_output=True, text=True, env=variables)


@pytest.fixture(scope="module", params=RUNNERS)
def hook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Hook:
    source = offline.checkout(tmp_path_factory.mktemp("dslint"))
    home = tmp_path_factory.mktemp("home")
    config = {
        "repos": [
            {
                "repo": str(source),
                "rev": offline.git(source, "rev-parse", "HEAD").strip(),
                "hooks": [{"id": "dslint"}, {"id": "dslint-fix"}, {"id": "dslint-dataset"}],
            }
        ]
    }

    def run(repo: Path, name: str, *arguments: str) -> Ran:
        (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))
        offline.git(repo, "add", "-A")
        return hooks(home, repo, request.param, "run", name, *(arguments or ("--all-files",)))

    return run


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    offline.git(tmp_path, "init", "-q")
    (tmp_path / "train.jsonl").write_text("".join(GOOD % (number, number) for number in range(12)))
    return tmp_path


@pytest.mark.parametrize("runner", RUNNERS)
def test_the_manifest_is_valid(runner: str) -> None:
    manifest = str(offline.ROOT / ".pre-commit-hooks.yaml")
    assert subprocess.run([*RUNNERS[runner], "validate-manifest", manifest], check=False).returncode == 0


def test_the_readme_names_the_hooks() -> None:
    hooks = yaml.safe_load((offline.ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["dslint", "dslint-fix", "dslint-dataset"]
    readme = (offline.ROOT / "README.md").read_text()
    assert re.findall(r"- id: (\S+)", readme) == [hook["id"] for hook in hooks]


@pytest.mark.parametrize("runner", RUNNERS)
def test_try_repo_works_offline(runner: str, repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = offline.checkout(tmp_path_factory.mktemp("source"))
    (repo / "train.jsonl").write_text(BAD)
    offline.git(repo, "add", "-A")
    home = tmp_path_factory.mktemp("home")
    done = hooks(home, repo, runner, "try-repo", str(source), "dslint", "--all-files")
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


def test_more_files_than_one_argument_list_holds(hook: Hook, repo: Path) -> None:
    """They come in batches, each file in one; what spans files is for the dataset hook, once for all."""
    folder = repo.joinpath(*["customer-" * 25] * 5)
    folder.mkdir(parents=True)
    for number in range(FILES):
        (folder / f"part-{number:05}.jsonl").write_text(GOOD % (number, number % 7))
    (folder / "part-00777.jsonl").write_text(BAD)
    (folder / "part-00888.jsonl").write_text(GOOD % (5, 6))  # where part-00005 says otherwise
    (repo / "dslint.toml").write_text('ignore = ["too-few-examples"]\n[[dataset]]\ntrain = ["**/part-*.jsonl"]\n')
    failed = hook(repo, "dslint")
    assert failed.returncode == 1
    batches = re.findall(r" in ([0-9,]+) files? \(chat\)", failed.stdout)
    assert len(batches) > 1
    assert sum(int(count.replace(",", "")) for count in batches) == FILES + 1  # and train.jsonl
    assert failed.stdout.count(" empty-assistant: ") == 1
    assert "conflicting-answers" not in failed.stdout
    whole = hook(repo, "dslint-dataset", "--hook-stage", "manual", "--all-files")
    assert whole.stdout.count(f"Checked {FILES:,} records in {FILES:,} files") == 1
    assert whole.stdout.count(" conflicting-answers: ") == 1
