"""Memory and work stay bounded whatever the input: large files, long lines, bombs, nesting, hostile patterns.

Every run here is a process of its own with a limit on its address space, from its first line on. How long anything
takes is not looked at; what would take hours is ended by the limit of processor time, and fails.
"""

from __future__ import annotations

import gzip
import json
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from conftest import Ran, environment

import dslint.cli.linting

MB = 1 << 20
SECONDS = 60  # of processor time, many times what any of these takes


def bounded(here: Path, *arguments: str, memory: int = 700) -> Ran:
    """Run `python -m dslint` with so many MB of address space."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory * MB, memory * MB))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    command = [sys.executable, "-m", "dslint", *arguments]
    variables = environment(POLARS_MAX_THREADS="1", OPENBLAS_NUM_THREADS="1")  # each thread reserves addresses
    ran = subprocess.run(command, cwd=here, env=variables, capture_output=True, preexec_fn=limits, check=False)
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def chat(question: str, answer: str) -> bytes:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns}).encode() + b"\n"


def rows(size: int) -> Iterator[bytes]:
    """Blocks of records, each record another one."""
    for block in range(size // MB):
        start = block * 4000
        filler = "word " * 30
        yield b"".join(
            chat(f"{number} {filler}?", f"{filler} {number * 7919}.") for number in range(start, start + 2600)
        )


def test_a_large_file_takes_no_more_memory_than_a_small_one(here: Path) -> None:
    with open(here / "data.jsonl", "wb") as file:
        for block in rows(200 * MB):
            file.write(block)
    assert (here / "data.jsonl").stat().st_size > 200 * MB
    ran = bounded(here, "lint", "data.jsonl", "--scope", "file", "--isolated", memory=250)
    assert (ran.code, ran.out.splitlines()[0][:18]) == (0, "All checks passed!")


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_bomb_is_a_long_line(here: Path, ending: str) -> None:
    body = zstandard.ZstdCompressor().compress(bytes(512 * MB)) if ending == ".zst" else packed_zeros(512)
    (here / f"data.jsonl{ending}").write_bytes(body)
    assert len(body) < MB
    ran = bounded(here, "lint", f"data.jsonl{ending}", "--isolated", "--output-format", "json", memory=600)
    assert (ran.code, ran.err) == (1, "")
    assert "long-line" in [finding["name"] for finding in json.loads(ran.out)["findings"]]


def packed_zeros(size: int) -> bytes:
    """So many MB of zeros as gzip members, one beside the other."""
    return gzip.compress(bytes(8 * MB)) * (size // 8)


HOSTILE = {
    "nesting": b'{"messages": ' + b"[" * MB + b"]" * MB + b"}\n",
    "nesting that never ends": b'{"a": ' * 300_000 + b"\n",
    "quotes": b'{"a": "' + b'\\"' * MB + b'"}\n',
    "many keys": json.dumps({f"k{number}": number for number in range(50_000)}).encode() + b"\n",
    "one letter": chat("a" * 400_000, "b" * 400_000),
    "white space": chat("a" + " " * MB + "b", "a" + "\n" * MB + "b"),
    "almost addresses": chat("http://" * 60_000, "a@" * 100_000),
    "almost numbers": chat("1 " * 100_000, "4111 1111 1111 1111 " * 5_000),
    "invisible": chat("\U0001f600\u200d" * 40_000, "\u202e" * 80_000),
    "tools": json.dumps(
        {"messages": [], "tools": [{"type": "function", "function": {"name": f"f{n}"}} for n in range(2_000)]}
    ).encode()
    + b"\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_record_is_judged(here: Path, name: str) -> None:
    (here / "data.jsonl").write_bytes(HOSTILE[name])
    ran = bounded(here, "lint", "data.jsonl", "--isolated", "--output-format", "json", memory=1500)
    assert ran.code in (0, 1)
    assert ran.err == ""
    assert json.loads(ran.out)["findings"]


def test_two_long_texts_that_are_nearly_the_same_are_compared(here: Path) -> None:
    rng = random.Random(1)
    vocabulary = ["".join(rng.choices("abcdefghijklm", k=rng.randint(2, 9))) for _ in range(5000)]
    text = " ".join(rng.choices(vocabulary, k=160_000))
    changed = text.replace("a", "b", 50)
    (here / "data.jsonl").write_bytes(chat(text, "one") + chat(changed, "other"))
    wish = ["--select", "near-duplicate,near-conflict-review,near-conflicting-answers", "--output-format", "json"]
    ran = bounded(here, "lint", "data.jsonl", "--isolated", "--exit-zero", *wish, memory=2000)
    assert (ran.code, ran.err) == (0, "")
    assert "near-duplicate" in [finding["name"] for finding in json.loads(ran.out)["findings"]]


def test_a_schema_with_traps_is_judged(here: Path) -> None:
    """A pattern that backtracks, items that are compared with each other, a reference to itself."""
    schema = {
        "properties": {
            "text": {"pattern": "^(a+)+$"},
            "items": {"uniqueItems": True},
            "deep": {"$ref": "#/$defs/deep"},
        },
        "$defs": {"deep": {"properties": {"deep": {"$ref": "#/$defs/deep"}}}},
    }
    (here / "own.schema.json").write_text(json.dumps(schema))
    rule = '[[rule]]\ncode = "ABC001"\nname = "own"\nkind = "schema"\nschema = "own.schema.json"\nmessage = "{}"\n'
    (here / "own.toml").write_text(rule)
    (here / "dslint.toml").write_text('rules = ["own.toml"]\nselect = ["ABC001"]\n')
    nested: dict[str, object] = {}
    for _ in range(150):
        nested = {"deep": nested}
    record = {"text": "a" * 40_000 + "!", "items": [{"a": [number]} for number in range(3000)], "deep": nested}
    (here / "data.jsonl").write_text(json.dumps(record) + "\n")
    ran = bounded(here, "lint", "data.jsonl", "--output-format", "json")
    findings = json.loads(ran.out)["findings"]
    assert (ran.err, [finding["json_path"] for finding in findings]) == ("", ["text"])
    assert len(findings[0]["message"]) <= 100


def test_no_memory_left_is_one_line(here: Path, main, monkeypatch: pytest.MonkeyPatch, sound) -> None:
    (here / "data.jsonl").write_bytes(sound(1))

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(dslint.cli.linting, "run_rules", exhausted)
    ran = main("lint", "data.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("dslint: error: not enough memory; ")
    assert ran.err.count("\n") == 1


def test_no_room_for_what_does_not_fit_into_memory_is_one_line(here: Path, main, full_disk: str, sound) -> None:
    """It is the temporary folder that is full: nothing is said of the data, plain or compressed."""
    (here / "data.jsonl").write_bytes(sound(1))
    (here / "more.jsonl.gz").write_bytes(gzip.compress(sound(1)))
    for path in ("data.jsonl", "more.jsonl.gz"):
        ran = main("lint", path)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith(": No space left on device; set TMPDIR to a folder with more room\n")
        assert ran.err.startswith(f"dslint: error: {full_disk}")
        assert ran.err.count("\n") == 1
