"""What is kept of large files: a second run finds the same, looks only at what has changed, and trusts nobody."""

from __future__ import annotations

import errno
import os
import pickle
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint import cache as caches
from dslint import loader as catalogue
from dslint.cache import Cache
from dslint.config import Config
from dslint.driver import Result, lint
from dslint.inputs import gather
from dslint.mapper import Mapper

FIXTURES = Path(__file__).parent.parent / "fixtures"
LINES = [
    line
    for path in sorted(FIXTURES.rglob("*.jsonl"))[:60]
    for line in path.read_bytes().splitlines(keepends=True)[:12]
    if line.endswith(b"\n")
]
SETTINGS = Config(select=("all",), isolated=True)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large, and a part has some four lines."""
    monkeypatch.setattr("dslint.sources.LARGE", 0)
    monkeypatch.setattr("dslint.cli.linting.LARGE", 0)
    monkeypatch.setattr(caches, "CUT", 4)


def run(path: Path, cache: Cache | None, config: Config = SETTINGS, **more: Any) -> Result:
    inputs = gather([str(path)], config)
    return lint(inputs.sources, config, cache=cache, **more)


def told(result: Result) -> tuple[Any, ...]:
    files = [replace(file, marks=[]) for file in result.files]  # marks may stand anywhere
    return result.findings, files, result.crashes, result.troubles


@settings(max_examples=25, derandomize=True)
@given(
    edits=st.lists(st.integers(0, 2**32), max_size=4),
    start=st.integers(0, 400),
    scope=st.sampled_from(["", "file"]),
)
def test_the_same_is_found_after_any_edits(
    tmp_path_factory: pytest.TempPathFactory, edits: list[int], start: int, scope: str
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    lines = LINES[start : start + 40]
    for edit in [0, *edits]:
        rng = random.Random(edit)
        place = rng.randrange(len(lines) + 1)
        lines[place : place + rng.randrange(3)] = rng.sample(LINES, rng.randrange(3)) if edit else []
        path = folder / "data.jsonl"
        path.write_bytes(b"".join(lines))
        assert told(run(path, Cache(folder / "kept"), scope=scope)) == told(run(path, None, scope=scope))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines are looked at."""
    seen: list[int] = []
    read = Mapper.read

    def counting(self: Mapper, lines: Sequence[bytes]) -> None:
        seen.append(len(lines))
        read(self, lines)

    monkeypatch.setattr(Mapper, "read", counting)
    return seen


def test_only_what_has_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(400))
    seen = counted(monkeypatch)
    run(path, Cache(tmp_path / "kept"))
    assert sum(seen) == 400
    seen.clear()
    run(path, Cache(tmp_path / "kept"))
    assert seen == []
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:100], b'{"messages": []}\n', *lines[100:]]))
    run(path, Cache(tmp_path / "kept"))
    assert 1 <= sum(seen) < 80


def test_in_several_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(400) + b'{"messages": []}\n')
    monkeypatch.setattr("dslint.driver.PARALLEL_BYTES", 0)
    monkeypatch.setattr("dslint.driver.SHARD_BYTES", 10_000)
    alone = told(run(path, None))
    for _ in range(2):
        assert told(run(path, Cache(tmp_path / "kept"), jobs=2)) == alone


@pytest.mark.parametrize(
    "other",
    [
        Config(select=("all",), isolated=True, layout="sharegpt"),
        Config(select=("default",), isolated=True),
        Config(select=("all",), isolated=True, target="openai"),
        Config(select=("all",), isolated=True, severity=dict.fromkeys(catalogue.load(()), "info")),
        Config(select=("all",), isolated=True, options={"over-token-budget": {"limit": 5}}),
    ],
)
def test_another_wish_is_looked_at_anew(tmp_path: Path, other: Config) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"".join(LINES[:80]))
    cache = Cache(tmp_path / "kept")
    before = told(run(path, cache))
    assert told(run(path, cache, other)) == told(run(path, None, other)) != before
    assert told(run(path, cache)) == before


def test_other_code_looks_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50))
    run(path, Cache(tmp_path / "kept"))
    seen = counted(monkeypatch)
    monkeypatch.setattr(caches, "_code", lambda: "another version")
    run(path, Cache(tmp_path / "kept"))
    assert sum(seen) == 50


class Evil:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("harmed",)


@pytest.mark.parametrize("body", [b"", b"short", b"x" * 400, "evil", "cut", "changed"])
def test_what_is_damaged_is_made_again(monkeypatch, tmp_path: Path, sound, body: Any) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50) + b'{"messages": []}\n')
    right = told(run(path, Cache(tmp_path / "kept")))
    kept = [entry for entry in (tmp_path / "kept").glob("*/*") if entry.is_file()]
    assert len(kept) > 3
    for entry in kept:
        whole = entry.read_bytes()
        evil = pickle.dumps(Evil())
        written = {"evil": caches._digest(evil) + evil, "cut": whole[:-9], "changed": whole[:-9] + b"z" * 9}
        entry.write_bytes(written[body] if isinstance(body, str) else body)
    assert told(run(path, Cache(tmp_path / "kept"))) == right
    assert not (tmp_path / "harmed").exists()
    seen = counted(monkeypatch)
    run(path, Cache(tmp_path / "kept"))
    assert seen == []


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50))
    (tmp_path / "kept").write_text("a file")
    cache = Cache(tmp_path / "kept")
    assert told(run(path, cache)) == told(run(path, None))
    cache.tidy()


def test_nothing_is_kept_of_what_strangers_find(here: Path, sound) -> None:
    (here / "own.py").write_text(
        "from dslint import rule\n\n@rule('XXX001')\ndef own(record):\n    '''Own.'''\n    return []\n"
    )
    (here / "data.jsonl").write_bytes(sound(50))
    run(here / "data.jsonl", Cache(here / "kept"), Config(rules=("own.py",), folder=here))
    assert not (here / "kept").exists()


def test_nothing_of_anybody_else_is_touched(tmp_path: Path, sound) -> None:
    """A folder may be named that holds other things, old and large ones too."""
    kept = tmp_path / "kept"
    for name in ("photos/old.jpg", "0123/old", "notes.txt"):
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_text("mine")
        os.utime(kept / name, (1, 1))
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50))
    cache = Cache(kept)
    run(path, cache)
    cache.tidy()
    Cache(kept, started=4e9).tidy()
    assert sorted(entry.name for entry in kept.iterdir()) == [
        ".gitignore",
        "0123",
        "CACHEDIR.TAG",
        "notes.txt",
        "photos",
    ]
    assert (kept / "photos/old.jpg").read_text() == "mine"


def test_nobody_else_can_read_it(tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50))
    run(path, Cache(tmp_path / "kept"))
    (shelf,) = (entry for entry in (tmp_path / "kept").iterdir() if entry.is_dir())
    assert shelf.stat().st_mode & 0o077 == 0


def test_a_full_disk_leaves_nothing_half_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sound) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(sound(50))

    def full(self: Path, body: bytes) -> int:
        with open(self, "wb") as file:
            file.write(body[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert told(run(path, Cache(tmp_path / "kept"))) == told(run(path, None))
    assert [entry.name for entry in (tmp_path / "kept").rglob("*") if entry.is_file()] == [
        "CACHEDIR.TAG",
        ".gitignore",
    ]


def test_what_nobody_needs_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sound) -> None:
    kept = tmp_path / "kept"

    def entries() -> set[Path]:
        return {entry for entry in kept.rglob("*") if entry.is_file() and entry.parent != kept}

    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_bytes(sound(50))
    other.write_bytes(sound(70))
    for path in (one, other):
        run(path, Cache(kept))
    all_entries = entries()
    for entry in all_entries:
        os.utime(entry, (1e9, 1e9))
    one.write_bytes(b"".join(one.read_bytes().splitlines(keepends=True)[:20]))
    cache = Cache(kept, started=1e9 + 100)
    run(one, cache)
    cache.tidy()
    left = entries()
    assert left < all_entries | left
    assert {entry.parent for entry in left} == {entry.parent for entry in all_entries}
    Cache(kept, started=1e9 + 200 * 86_400).tidy()
    assert {entry.parent for entry in entries()} < {entry.parent for entry in all_entries}
    monkeypatch.setattr(caches, "LARGEST", 100)
    Cache(kept).tidy()
    assert entries() == set()


def test_on_the_command_line(main, here: Path, sound, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "data.jsonl").write_bytes(sound(50))
    monkeypatch.setenv("DSLINT_CACHE_DIR", str(here / "kept"))
    assert main("lint", "data.jsonl", "--no-cache").code == 0
    monkeypatch.setenv("DSLINT_NO_CACHE", "1")
    assert main("lint", "data.jsonl").code == 0
    assert not (here / "kept").exists()
    monkeypatch.delenv("DSLINT_NO_CACHE")
    seen = counted(monkeypatch)
    first, second = main("lint", "data.jsonl"), main("lint", "data.jsonl")
    assert first == second
    assert sum(seen) == 50
