"""Twenty thousand mutations, of values and of bytes: no rule raises, no line is lost, in lint and in split."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dslint.config import Config
from dslint.dataset import File
from dslint.engine import Plan, judge, judge_file
from dslint.facts import Facts
from dslint.mapper import Mapper
from dslint.outputs import REJECTED
from dslint.selection import select

ROOT = Path(__file__).parent.parent
COUNT = 10_000
BLOCK = 500  # lines of a file
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    2**63,
    2**64,
    "",
    "user",
    "x" * 3000,
    "\u202e\x1b[2J",
    [],
    {},
    [[]],
    [None],
    {"role": "user"},
    {"type": "text", "text": "x"},
    [{"type": "text", "text": "x"}],
    [{"id": "1", "function": {"name": "f", "arguments": "{}"}}],
]
BYTES = [b"\x00", b"\xff", b'"', b"\\", b"{", b"}", b"[", b",", b":", b"\r", b"\\ud800", b"1e999", b"\xef\xbb\xbf"]
DEEP = b"[" * 20
PLAN = Plan(select(Config(isolated=True)))


def seeds() -> list[bytes]:
    """Sound and unsound records of all layouts: those of the fixtures."""
    paths = sorted((ROOT / "fixtures").rglob("*.jsonl"))
    lines = {line for path in paths for line in path.read_bytes().split(b"\n") if 2 < len(line) < 3000}
    return sorted(lines)


def pointers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from pointers(inner, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at the end of the path; with "away" instead, without it."""
    if not path:
        return value if new == "away" else new
    at = value
    for key in path[:-1]:
        at = at[key]
    if new == "away":
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return value


def structured(rng: random.Random, parsed: list[str]) -> bytes:
    """A record one or two of whose values are replaced by others of any type, or taken out."""
    value = json.loads(rng.choice(parsed))
    for _ in range(rng.randint(1, 2)):
        value = replaced(value, rng.choice(list(pointers(value))), copy.deepcopy(rng.choice([*VALUES, "away"])))
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def spoiled(rng: random.Random, lines: list[bytes]) -> bytes:
    """A line with bytes replaced, put in, taken out, or another line's end."""
    line = bytearray(rng.choice(lines))
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(line) + 1)
        how = rng.randrange(4)
        if how == 0:
            line[at : at + 1] = bytes([rng.randrange(256)])
        elif how == 1:
            line[at:at] = rng.choice(BYTES)
        elif how == 2:
            del line[at : at + rng.randint(1, 9)]
        else:
            line[at:] = rng.choice(lines)[at:]
    return bytes(line).replace(b"\n", b" ")


def lines_of(kind: str, block: int) -> list[bytes]:
    """The block of mutations of that number, always the same."""
    rng = random.Random(f"{kind} {block}")
    lines = seeds()
    if kind == "bytes":
        return [spoiled(rng, lines) for _ in range(BLOCK)]
    parsed = []
    for line in lines:
        with suppress(ValueError):  # what is no JSON is mutated byte by byte, and what is very deep
            parsed += [json.dumps(json.loads(line))] if DEEP not in line else []
    return [structured(rng, parsed) for _ in range(BLOCK)]


@pytest.mark.parametrize("block", range(COUNT // BLOCK))
@pytest.mark.parametrize("kind", ["structure", "bytes"])
def test_no_mutation_makes_a_rule_raise_or_a_line_go_unaccounted(kind: str, block: int) -> None:
    lines = lines_of(kind, block)
    mapped = Mapper(PLAN, File("data.jsonl", "train")).map(line + b"\n" for line in lines)
    judge_file(PLAN, mapped)
    judge(PLAN, [mapped.file], [Facts(segments) for segments in mapped.facts.segments], mapped.crashes)
    assert mapped.crashes == []
    assert mapped.file.lines == len(lines)
    refused = {found.where.line for found in mapped.findings if found.code.startswith("JSN")}
    assert mapped.file.records + len(refused) >= len(lines)


@pytest.mark.parametrize("kind", ["structure", "bytes"])
def test_no_mutation_is_lost_in_a_split(here: Path, main: Any, kind: str) -> None:
    lines = [line for block in range(2) for line in lines_of(kind, block)]
    (here / "data.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    ran = main("split", "data.jsonl", "-o", "out", "--isolated")
    assert (ran.code, ran.err) == (0, "")
    parts = [here / "out" / name for name in ("train.jsonl", "test.jsonl", REJECTED)]
    written = [line for path in parts for line in path.read_bytes().split(b"\n")[:-1]]
    without_mark = [line.removeprefix(b"\xef\xbb\xbf") for line in written]
    assert Counter(without_mark) == Counter(line.removeprefix(b"\xef\xbb\xbf") for line in lines)
