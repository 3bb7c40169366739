"""From paths to numbered raw lines: files, folders, standard input, gzip and zstd."""

from __future__ import annotations

import os
import re
import stat
import sys
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from dslint import packed

if TYPE_CHECKING:
    from dslint.spooling import Spool

LARGE = 200 << 20  # bytes; a smaller file is read in some seconds, and nothing of it is kept for the next run
SUFFIXES = (".jsonl", ".ndjson")
MAX_LINE = 64 << 20  # bytes; a longer line is a finding and is skipped without being held in memory
BUFFER = 1 << 18
REPORT_BYTES = 4 << 20
FAR = 100  # lines that are worth more than to be read one by one
LFS = b"version https://git-lfs.github.com/spec/v1"

ROLES = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "eval": "validation",
    "evaluation": "validation",
    "test": "test",
    "testing": "test",
    "holdout": "test",
}


class SourceError(Exception):
    """A path that cannot be read as data; the message is one line, the remedy another or ""."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


State = tuple[int, int, int]  # of a file: its inode, size and time of change


def state_of(found: os.stat_result) -> State:
    """What tells that a file is no longer what it was."""
    return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True)
class Source:
    """A file to read: `name` as the user wrote it, `path` where its bytes are, `role` in its dataset.

    `items` is the fault of a file whose records do not stand on lines of their own (json-array, pretty-printed), or
    "parquet", which is none: then `path` is a copy in which they do, and `original` the file itself. `marks` are
    ways into a plain file, (lines, bytes) that stand before a place, one for each few megabytes read so far.
    `state` is what the file was like when it was found, `holds` are the copies that must not go while it is read.
    """

    name: str
    path: Path
    role: str = ""
    packed: str = ""
    dataset: str = ""
    items: str = ""
    original: Path | None = None
    marks: list[tuple[int, int]] = field(default_factory=list, compare=False, repr=False)
    holds: tuple[Spool, ...] = field(default=(), compare=False, repr=False)
    state: State | None = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @property
    def file(self) -> Path:
        """The file that the user means, where `path` may be a copy of it."""
        return self.original or self.path

    def changed(self) -> bool:
        """Whether somebody has written to the file since it was found; never of a copy. Raises OSError."""
        return self.state is not None and state_of(self.file.stat()) != self.state

    def open(self) -> IO[bytes]:
        """The uncompressed bytes. Raises OSError."""
        return packed.open(self.path, self.packed) if self.packed else open(self.path, "rb", buffering=BUFFER)

    def read_errors(self) -> tuple[type[Exception], ...]:
        """What reading can raise: for an archive also that it is damaged."""
        return packed.errors(self.packed) if self.packed else (OSError,)


def why(error: Exception) -> str:
    """What went wrong in reading, without the number and the path that Python adds."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def role_of(name: str) -> str:
    """The role a file name speaks of (`train-00.jsonl`, `my.eval.jsonl`), "" when it speaks of none."""
    words = re.findall(r"[a-z]+", Path(name).name.lower())
    return next((ROLES[word] for word in reversed(words) if word in ROLES), "")


def is_data(path: Path) -> bool:
    """Whether a file found in a folder is taken for data, by its name."""
    name = path.with_suffix("") if packed.suffix(path) else path
    return name.suffix.lower() in SUFFIXES


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if is_data(path) and path.is_file():
                yield path


def _check_readable(path: Path) -> None:
    try:
        with open(path, "rb") as file:
            head = file.read(512)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from None
    if head.startswith(LFS):
        oid = re.search(rb"oid (sha256:[0-9a-f]{8})", head)
        known = f" ({oid[1].decode()}…)" if oid else ""
        raise SourceError(
            f"{path} is a Git LFS pointer, not data{known}",
            "run `git lfs pull`; in GitHub Actions set `lfs: true` on actions/checkout",
        )


def _expand(text: str, troubles: list[SourceError], notes: list[str]) -> list[Path]:
    if not text:
        troubles.append(SourceError("a path is empty"))  # as from a variable that is not set; not this folder
        return []
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        troubles.append(SourceError(f"{path}: {error.strerror}"))
        return []
    if not stat.S_ISDIR(mode):
        return [path]
    found = list(_walk(path))
    if not found:
        notes.append(f"{path}: no .jsonl or .ndjson files in this folder")
    return found


@dataclass(frozen=True)
class Inputs:
    """What a command line resolved to: files in the order given, paths that failed, things to mention."""

    sources: list[Source]
    troubles: list[SourceError]
    notes: list[str]
    temporary: list[Spool]

    def close(self) -> None:
        """Remove the temporary copies of streams."""
        for spool in self.temporary:
            spool.close()


def resolve(paths: Sequence[str], *, stdin_name: str = "<stdin>") -> Inputs:
    """The files that paths name: `-` and pipes are copied, folders walked, a file given twice read once."""
    troubles: list[SourceError] = []
    notes: list[str] = []
    temporary: list[Spool] = []
    sources: list[Source] = []
    seen: set[tuple[int, int]] = set()
    inputs = Inputs(sources, troubles, notes, temporary)
    try:
        for text in dict.fromkeys(paths):
            if text == "-":
                sources.append(_copied(stdin_name, sys.stdin.buffer, temporary))
                continue
            for path in _expand(text, troubles, notes):
                try:
                    state = path.stat()
                    if (state.st_dev, state.st_ino) not in seen:
                        seen.add((state.st_dev, state.st_ino))
                        sources.append(_source(path, state, temporary))
                except SourceError as error:
                    troubles.append(error)
                except OSError as error:
                    troubles.append(SourceError(f"{path}: {error.strerror}"))
    except BaseException:  # whatever ends it: what was copied is left to nobody
        inputs.close()
        raise
    return inputs


def _source(path: Path, found: os.stat_result, temporary: list[Spool]) -> Source:
    name, mode = path.as_posix(), found.st_mode
    if stat.S_ISREG(mode):
        _check_readable(path)
        return Source(name, path, role_of(name), packed.suffix(path), state=state_of(found))
    if stat.S_ISFIFO(mode):
        with open(path, "rb") as stream:
            return _copied(name, stream, temporary)
    raise SourceError(f"{path} is neither a file nor a folder nor a pipe")


def _copied(name: str, stream: IO[bytes], temporary: list[Spool]) -> Source:
    from dslint.spooling import Spool, blocks  # few runs have a stream

    temporary.append(spool := Spool(blocks(stream)))
    return Source(name, spool.path, role_of(name), packed.suffix(Path(name)), holds=(spool,))


def read_lines(
    stream: IO[bytes],
    *,
    limit: int = MAX_LINE,
    until: int | None = None,
    report: Callable[[int], None] | None = None,
    marks: list[tuple[int, int]] | None = None,
) -> Iterator[bytes]:
    """Physical lines with their line feed, split on byte 0x0A only.

    A line of more than `limit` bytes comes as its first `limit` + 1 bytes, the rest is skipped. Reading stops
    once `until` bytes have been taken (a line begun is finished). Every few megabytes `report` is told how many
    bytes have been read since, and `marks` gets the lines and bytes read so far.
    """
    count, taken, told, due = 0, 0, 0, REPORT_BYTES if until is None else min(until, REPORT_BYTES)
    readline, longest = stream.readline, limit + 1
    while line := readline(longest):
        yield line
        count += 1
        taken += len(line)
        if len(line) == longest and line[-1:] != b"\n":
            taken += _skip_line(stream)
        if taken >= due:
            if report is not None:
                report(taken - told)
            if marks is not None:
                marks.append((count, taken))
            told, due = taken, taken + REPORT_BYTES
            if until is not None:
                if taken >= until:
                    return
                due = min(until, due)
    if report is not None:
        report(taken - told)


def _skip_line(stream: IO[bytes]) -> int:
    """Read to the end of a line; the bytes that were left of it."""
    skipped = 0
    while block := stream.readline(BUFFER):
        skipped += len(block)
        if block.endswith(b"\n"):
            break
    return skipped


def _skip_lines(stream: IO[bytes], count: int) -> None:
    """Pass over lines; where they are many, by counting their line feeds in what lies buffered."""
    while count >= FAR and (block := cast(BufferedReader, stream).peek(1)):
        passed = block.count(b"\n")
        if passed >= count:
            break
        stream.read(len(block))
        count -= passed
    for _ in range(count):
        _skip_line(stream)


def shards(source: Source, count: int) -> list[tuple[int, int]]:
    """(start, length) byte ranges of a plain file, cut after line feeds; one range for a compressed file."""
    size = source.size
    if source.packed or count < 2:
        return [(0, size)]
    cuts = {0, size}
    with source.open() as file:
        for part in range(1, count):
            file.seek(size * part // count)
            file.readline()
            cuts.add(file.tell())
    ordered = sorted(cuts)
    return [(start, end - start) for start, end in pairwise(ordered)]


def lines_at(source: Source, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """(line number, raw line without its line feed) for the wanted lines, in one pass.

    Lines beyond the end, or beyond the damage of an archive, do not come. Raises OSError on a plain file.
    """
    numbers = sorted(set(wanted), reverse=True)
    if not numbers:
        return
    try:
        with source.open() as stream:
            passed = 0
            while numbers:
                number = numbers.pop()
                before = source.marks[: bisect(source.marks, (number,))]
                if before and before[-1][0] > passed:
                    passed, start = before[-1]
                    stream.seek(start)
                _skip_lines(stream, number - 1 - passed)
                raw = b"".join(read_lines(stream, until=1))
                if not raw:
                    return
                yield number, raw.removesuffix(b"\n")
                passed = number
    except source.read_errors():
        if not source.packed:
            raise
