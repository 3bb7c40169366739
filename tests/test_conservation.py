"""No line is lost, doubled or altered, whatever its bytes: what counts as a line is what `sed` and `awk` count."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

import dslint.outputs
from dslint.outputs import REJECTED, Stage, conserved, copy, physical_lines
from dslint.sources import Source, lines_at, read_lines

BOM = b"\xef\xbb\xbf"
# What other programs take for the end of a line or of a file, what parsers alter, and what they refuse.
PIECES = [
    b"\n",
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x85",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\x00",
]
PIECES += [BOM, b"\xff\xfe", b"\xed\xa0\x80", b"\x1a", b"\t", b" ", b'"', b"x" * 9, b"{}", b'{"a": 1}']
ODD = [
    b'{"messages": [{"role": "user", "content": "a", "content": "b"}, {"role": "assistant", "content": "c"}]}',
    b'{"n":1E6,"messages":[{"role":"user","content":"\\u0041\\/"},{"role":"assistant","content":"x"}]}',
    b'{ "big" : 18446744073709551616 , "tiny": 1e-999, "messages":[] }',
    b'{"huge": 1e400}',
    b'{"nan": NaN}',
    b'{"lone": "\\ud800"}',
    b'{"text": "line\xe2\x80\xa8separator\xc2\x85next"}\r',
    b"[" * 2000,
    b"null",
    b"\xff\xfe\x00",
    b"\x00" * 20,
    b"   ",
    b"",
    BOM + b'{"messages": []}',
    b'{"messages": [{"role": "user", "content": "' + b"long " * 80_000 + b'"}]}',
]


def reference(body: bytes) -> list[bytes]:
    """Lines as POSIX has them, the last one also when it has no line feed."""
    lines = body.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def bodies(count: int) -> list[bytes]:
    rnd = random.Random(6)
    return [b"".join(rnd.choices(PIECES, k=rnd.randrange(12))) for _ in range(count)]


def test_lines_are_what_the_standard_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dslint.outputs, "BUFFER", 7)  # so that lines come in parts
    path = tmp_path / "data.jsonl"
    for body in bodies(10_000):
        path.write_bytes(body)
        expected = reference(body)
        with path.open("rb") as stream:
            parts: dict[int, bytes] = {}
            for number, block in physical_lines(stream):
                parts[number] = parts.get(number, b"") + block
        assert [part.removesuffix(b"\n") for part in parts.values()] == expected
        assert list(parts) == list(range(1, len(expected) + 1))
        with path.open("rb") as stream:
            assert b"".join(read_lines(stream)) == body
        found = dict(lines_at(Source("data.jsonl", path), range(1, len(expected) + 3)))
        assert found == dict(enumerate(expected, 1))


@pytest.mark.skipif(not (shutil.which("sed") and shutil.which("awk")), reason="compared with sed and awk")
def test_line_numbers_are_those_of_sed_and_awk(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    for body in bodies(150):
        path.write_bytes(body)
        expected = reference(body)
        count = subprocess.run(["awk", "END{print NR}", path], capture_output=True, env={"LC_ALL": "C"})
        assert int(count.stdout) == len(expected)
        if expected:
            wanted = len(expected) // 2 + 1
            line = subprocess.run(["sed", "-n", f"{wanted}p", path], capture_output=True, env={"LC_ALL": "C"})
            [(_, found)] = lines_at(Source("data.jsonl", path), [wanted])
            assert line.stdout.removesuffix(b"\n") == found


def test_every_line_goes_to_one_file_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dslint.outputs, "BUFFER", 7)
    rnd = random.Random(1)
    names = ["train.jsonl", "test.jsonl", REJECTED]
    path = tmp_path / "data.jsonl"
    for body in bodies(1500):
        path.write_bytes(body)
        expected = reference(body)
        goes = [rnd.choice(names) for _ in expected]
        (tmp_path / "stage").mkdir()
        with Stage(tmp_path / "stage", names) as stage:
            copied = copy(Source("data.jsonl", path), stage, lambda number, goes=goes: goes[number - 1])
            assert conserved([copied], stage.tallies)
            stage.finish({})
        for name in names:
            lines = [line for line, place in zip(expected, goes, strict=True) if place == name]
            kept = lines if name == REJECTED else [line.removeprefix(BOM) for line in lines]
            assert (tmp_path / "stage" / name).read_bytes() == b"".join(line + b"\n" for line in kept)
        shutil.rmtree(tmp_path / "stage")


def test_odd_lines_come_through_a_split_byte_for_byte(main, here: Path, sound) -> None:
    body = b"\n".join([*sound(20).splitlines(), *ODD, *sound(5, 50).splitlines()])
    Path("data.jsonl").write_bytes(body)
    assert main("split", "data.jsonl", "-o", "out", "--isolated", "--ratio", "60:20:20").code == 0
    parts = [reference(path.read_bytes()) for path in Path("out").glob("*.jsonl") if "findings" not in path.name]
    lines = reference(body)
    assert Counter(line for part in parts for line in part) == Counter(lines)
    for part in parts:  # in the order in which they were read
        rest = iter(lines)
        assert all(line in rest for line in part)


@pytest.mark.parametrize("fault", ["lost", "doubled", "cut"])
def test_what_does_not_add_up_is_not_written(main, here: Path, sound, monkeypatch, fault: str) -> None:
    write, seen = Stage.write, []

    def faulty(self: Stage, name: str, block: bytes) -> None:
        seen.append(block)
        if len(seen) == 3 and fault == "lost":
            return
        write(self, name, block[1:] if len(seen) == 3 and fault == "cut" else block)
        if len(seen) == 3 and fault == "doubled":
            write(self, name, block)

    monkeypatch.setattr(Stage, "write", faulty)
    Path("data.jsonl").write_bytes(sound(10))
    ran = main("split", "data.jsonl", "-o", "out", "--isolated")
    assert (ran.code, [path.name for path in here.iterdir()]) == (2, ["data.jsonl"])
    assert "do not agree; nothing was written" in ran.err


def test_fixed_files_keep_the_bytes_of_every_other_line(main, here: Path, sound) -> None:
    body = b"\n".join([b"", *ODD, *sound(3).splitlines(), b" "]) + b"\n"
    Path("data.jsonl").write_bytes(body)
    main("lint", "--fix", "--isolated", "--select", "blank-line", "data.jsonl")
    kept = [line for line in reference(body) if line.strip()]
    assert Path("data.jsonl").read_bytes() == b"".join(line + b"\n" for line in kept)


def test_an_archive_that_is_damaged_is_not_split(main, here: Path, sound) -> None:
    import gzip

    packed = gzip.compress(sound(200))
    Path("data.jsonl.gz").write_bytes(packed[:-40])
    ran = main("split", "data.jsonl.gz", "-o", "out", "--isolated")
    assert (ran.code, [path.name for path in here.iterdir()]) == (2, ["data.jsonl.gz"])
    assert "data.jsonl.gz cannot be read to its end" in ran.err


def test_a_path_that_is_no_unicode_has_a_place_in_the_manifest(main, here: Path, sound) -> None:
    name = b"data-\xff.jsonl"
    Path("in").mkdir()
    Path("in", name.decode("utf-8", "surrogateescape")).write_bytes(sound(20))
    assert main("split", "in", "-o", "out", "--isolated").code == 0
    assert main("split", "--check", "out").code == 0
