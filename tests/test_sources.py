"""Numbered lines: as `sed` and `awk` count them, from plain and compressed files, in any number of shards."""

import gc
import gzip
import io
import os
import pickle
import subprocess
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint import packed
from dslint.sources import Source, lines_at, read_lines, resolve, role_of, shards

TOKENS = ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\0", "\ufeff", "a", "é", '{"b": 1}']
bytes_files = st.lists(st.sampled_from([token.encode() for token in TOKENS]), max_size=40).map(b"".join)


def by_sed(path: Path, number: int) -> bytes:
    return subprocess.run(["sed", "-n", f"{number}p", path], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lines")


@given(bytes_files)
@settings(max_examples=40, deadline=None)
def test_lines_are_those_of_sed_and_awk(folder, data):
    path = folder / "any.jsonl"
    path.write_bytes(data)
    lines = list(read_lines(io.BytesIO(data)))
    count = subprocess.run(["awk", "END{print NR}", path], capture_output=True, check=True, env={"LC_ALL": "C"})
    assert len(lines) == int(count.stdout)
    assert b"".join(lines) == data
    for number in (1, len(lines) // 2, len(lines)):
        if 0 < number <= len(lines):
            assert by_sed(path, number).removesuffix(b"\n") == lines[number - 1].removesuffix(b"\n")


@given(bytes_files, st.integers(1, 12))
def test_any_number_of_shards_covers_the_file_and_gives_the_same_lines(folder, data, count):
    source = Source("any", folder / "shards.jsonl")
    source.path.write_bytes(data)
    parts = shards(source, count)
    ends = [0]
    lines = []
    for start, length in parts:
        assert start == ends[-1]
        ends.append(start + length)
        with source.open() as stream:
            stream.seek(start)
            lines += read_lines(stream, until=length)
    assert ends[-1] == len(data)
    assert lines == list(read_lines(io.BytesIO(data)))


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 20))
def test_a_long_line_is_cut_while_reading_and_the_next_keeps_its_number(lengths, limit):
    whole = [b"x" * length for length in lengths]
    read = list(read_lines(io.BytesIO(b"".join(line + b"\n" for line in whole)), limit=limit))
    assert len(read) == len(whole)
    for line, full in zip(read, whole, strict=True):
        assert line == (full + b"\n" if len(full) <= limit else full[: limit + 1])


def test_a_long_line_is_not_held_in_memory():
    class Endless(io.RawIOBase):
        left = 64 << 20

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), self.left)
            buffer[:size] = bytes(size)
            self.left -= size
            return size

    tracemalloc.start()
    lines = list(read_lines(io.BufferedReader(Endless()), limit=1000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [len(line) for line in lines] == [1001]
    assert peak < 4 << 20


def test_progress_adds_up_to_the_bytes_read():
    told = []
    data = b"0123456789\n" * 1_000_000
    assert sum(map(len, read_lines(io.BytesIO(data), report=told.append))) == sum(told)
    assert len(told) > 2


def packed_file(path: Path, data: bytes) -> Source:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else zstandard.ZstdCompressor().compress(data))
    return Source(path.name, path, packed=path.suffix)


def read_to_the_end(source: Source) -> list[bytes]:
    with source.open() as stream:
        return list(read_lines(stream))


@pytest.mark.parametrize("ending", packed.SUFFIXES)
def test_archives_read_as_their_content(tmp_path, ending):
    data = b"".join(b"%d\n" % (number * 7919) for number in range(100_000))
    source = packed_file(tmp_path / f"a.jsonl{ending}", data)
    assert read_to_the_end(source) == data.splitlines(keepends=True)
    assert list(lines_at(source, [90_000, 2])) == [(2, b"7919"), (90_000, b"%d" % (89_999 * 7919))]


@pytest.mark.parametrize("ending", packed.SUFFIXES)
def test_members_and_frames_are_read_one_after_the_other(tmp_path, ending):
    path = tmp_path / f"a.jsonl{ending}"
    first = packed_file(path, b"1\n").path.read_bytes()
    path.write_bytes(first + packed_file(path, b"2\n").path.read_bytes())
    assert read_to_the_end(Source("a", path, packed=ending)) == [b"1\n", b"2\n"]


@pytest.mark.parametrize("ending", packed.SUFFIXES)
@pytest.mark.parametrize("kept", [0.3, 0.5, 0.999])
def test_a_cut_archive_gives_its_lines_and_then_an_error(tmp_path, ending, kept):
    data = b"".join(b"%d\n" % (number * 7919 % 99991) for number in range(200_000))
    source = packed_file(tmp_path / f"a.jsonl{ending}", data)
    whole = source.path.read_bytes()
    source.path.write_bytes(whole[: int(len(whole) * kept)])
    lines = []
    with source.open() as stream, pytest.raises(source.read_errors()):
        lines.extend(read_lines(stream))
    assert lines
    assert lines == data.splitlines(keepends=True)[: len(lines)]
    assert list(lines_at(source, [1, 10**9])) == [(1, b"0")]


def test_an_empty_archive_has_no_lines(tmp_path):
    for ending in packed.SUFFIXES:
        (tmp_path / f"a{ending}").write_bytes(b"")
        assert read_to_the_end(Source("a", tmp_path / f"a{ending}", packed=ending)) == []


@pytest.mark.parametrize("ending", packed.SUFFIXES)
def test_a_bomb_is_read_in_bounded_memory(tmp_path, ending):
    source = packed_file(tmp_path / f"a.jsonl{ending}", bytes(1 << 28))
    assert source.size < 1 << 20
    tracemalloc.start()
    with source.open() as stream:
        lines = [len(line) for line in read_lines(stream, limit=100)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == [101]
    assert peak < 100 << 20


def test_a_zstd_window_too_large_is_refused(tmp_path):
    parameters = zstandard.ZstdCompressionParameters(window_log=28, compression_level=1)
    path = tmp_path / "a.jsonl.zst"
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    path.write_bytes(compressor.compress(b"1\n") + compressor.flush())
    source = Source("a", path, packed=".zst")
    with pytest.raises(source.read_errors()):
        read_to_the_end(source)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("train.jsonl", "train"),
        ("data/my.eval.jsonl", "validation"),
        ("train-00001-of-2.jsonl.gz", "train"),
        ("testing/all.jsonl", ""),
        ("contest.jsonl", ""),
        ("train_test.jsonl", "test"),
    ],
)
def test_the_role_is_read_from_the_file_name(name, role):
    assert role_of(name) == role


def test_folders_are_walked_in_order_without_hidden_ones_and_pipes(tmp_path):
    for name in ("b/z.jsonl", "b/a.ndjson.gz", "a.JSONL", ".hidden/x.jsonl", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"{}\n")
    os.mkfifo(tmp_path / "pipe.jsonl")
    found = resolve([str(tmp_path)])
    assert [source.path.relative_to(tmp_path).as_posix() for source in found.sources] == [
        "a.JSONL",
        "b/a.ndjson.gz",
        "b/z.jsonl",
    ]
    assert not found.troubles


@pytest.mark.parametrize("ending", ["", *packed.SUFFIXES])
@given(wanted=st.sets(st.integers(1, 6_100), max_size=30), length=st.sampled_from((0, 7, 90)))
@settings(max_examples=30, deadline=None)
def test_wanted_lines_come_wherever_they_stand(folder, ending, wanted, length):
    lines = [b"%d " % number + b"x" * (length * (number % 7)) for number in range(1, 6_001)]
    lines[2_999] = b"y" * 600_000  # longer than what lies buffered
    path, data = folder / f"far.jsonl{ending}", b"\n".join(lines)
    if ending:
        source = packed_file(path, data)
    else:
        path.write_bytes(data)
        source = Source(path.name, path)
    found = list(lines_at(source, wanted))
    assert found == [(number, lines[number - 1]) for number in sorted(wanted) if number <= len(lines)]


def test_marks_lead_to_the_lines_that_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dslint.sources.REPORT_BYTES", 100)
    path = tmp_path / "x.jsonl"
    rows = [b"%d" % (place**3) for place in range(2_000)]
    path.write_bytes(b"\n".join(rows) + b"\n")
    source = Source("x.jsonl", path)
    with source.open() as stream:
        list(read_lines(stream, marks=source.marks))
    assert len(source.marks) > 50
    for wanted in ([1], [1, 2, 1_999], [2_000], range(1, 2_001, 7), [2_001]):
        assert list(lines_at(source, wanted)) == [(line, rows[line - 1]) for line in wanted if line <= 2_000]


def test_a_copy_lives_as_long_as_what_is_read_from_it(tmp_path):
    from dslint.config import Config
    from dslint.inputs import gather

    (tmp_path / "data.json").write_text('[{"a": 1}, {"b": 2}]')
    [source] = gather([str(tmp_path / "data.json")], Config()).sources  # nothing else is kept
    gc.collect()
    with source.open() as stream:
        assert stream.read() == b'{"a":1}\n{"b":2}\n'
    elsewhere = pickle.loads(pickle.dumps(source))  # as for a worker process
    assert (elsewhere.path, elsewhere.holds) == (source.path, (None,))
