"""Writing a split: staged beside its folder, counted, flushed, and put in place in one step."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dslint.config import ConfigError
from dslint.decode import BOM
from dslint.sources import BUFFER, Source

MANIFEST = "split.json"
REJECTED = "rejected.jsonl"
REASONS = "rejected.findings.jsonl"
RENAME_EXCHANGE = 2  # Linux renameat2(2): the two names change places in one step
AT_FDCWD = -100


class OutputError(ConfigError):
    """An output folder that cannot be written; the message is one line."""


@dataclass
class Tally:
    """Lines and bytes written to one file, and their digest."""

    lines: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, block: bytes) -> None:
        """Count a part of a line, ending with its line feed or not."""
        self.lines += block.endswith(b"\n")
        self.size += len(block)
        self.digest.update(block)

    def entry(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"lines": self.lines, "bytes": self.size, "sha256": self.digest.hexdigest()}


def physical_lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(line number, block) for every block of every line: a line of any length comes in bounded blocks."""
    number, fresh = 0, True
    while block := stream.readline(BUFFER):
        number += fresh
        fresh = block.endswith(b"\n")
        yield number, block


class Stage:
    """Files of a split being written in a folder of their own beside the target."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self.tallies = {name: Tally() for name in names}
        self._open_files = ExitStack()
        self._files = {
            name: self._open_files.enter_context((folder / name).open("xb", buffering=BUFFER)) for name in names
        }
        self._open_line = dict.fromkeys(names, False)

    def write(self, name: str, block: bytes) -> None:
        """Append a part of a line."""
        self._files[name].write(block)
        self.tallies[name].add(block)
        self._open_line[name] = not block.endswith(b"\n")

    def end_line(self, name: str) -> None:
        """Give the line its line feed if it has none, so that the next one stands on its own."""
        if self._open_line[name]:
            self.write(name, b"\n")

    def flush(self) -> None:
        """Have everything on disk."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._open_files.close()


@dataclass
class Copied:
    """What was read from one source: lines, bytes, digest, and where its lines went."""

    tally: Tally = field(default_factory=Tally)
    lines: int = 0
    went: Counter[str] = field(default_factory=Counter)
    stripped: int = 0
    ended: int = 0

    def entry(self, source: Source) -> dict[str, Any]:
        """As the manifest has it."""
        counts = dict(sorted(self.went.items()))
        went = {"path": source.name, "lines": self.lines, "bytes": self.tally.size}
        return {**went, "sha256": self.tally.digest.hexdigest(), "to": counts}


def copy(source: Source, stage: Stage, destination: Callable[[int], str]) -> Copied:
    """Copy every line of a source to the file its number is for, unchanged but for a byte order mark taken off a
    record and a line feed given to a last line without one."""
    copied, name, previous = Copied(), "", 0
    with source.open() as stream:
        for number, block in physical_lines(stream):
            copied.tally.add(block)
            if number != previous:
                if name:
                    stage.end_line(name)
                name, previous = destination(number), number
                copied.went[name] += 1
                if name != REJECTED and block.startswith(BOM):
                    block = block.removeprefix(BOM)
                    copied.stripped += 1
            stage.write(name, block)
    if name and not block.endswith(b"\n"):
        stage.end_line(name)
        copied.ended += 1
    copied.lines = previous
    return copied


def conserved(copies: Sequence[Copied], tallies: Mapping[str, Tally]) -> bool:
    """Whether every line read stands in exactly one output, by count and by bytes."""
    lines = sum(copied.lines for copied in copies) == sum(tally.lines for tally in tallies.values())
    read = sum(copied.tally.size + copied.ended - len(BOM) * copied.stripped for copied in copies)
    went = sum((copied.went for copied in copies), Counter[str]())
    each = all(went[name] == tally.lines for name, tally in tallies.items())
    return lines and each and read == sum(tally.size for tally in tallies.values())


def check_target(target: Path, names: Sequence[str], *, force: bool) -> None:
    """Raise OutputError when writing there would lose something."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputError(f"{target} is not a folder")
    if not target.parent.is_dir():
        raise OutputError(f"{target.parent} is not a folder")
    found = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
    strangers = [name for name in found if name not in names]
    if strangers:
        raise OutputError(f"{target} holds {strangers[0]}, which no split wrote; choose an empty or new folder")
    if found and not force:
        raise OutputError(f"{target} holds a split already; --force replaces it")


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A folder beside the target; whatever is left of it is removed."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.dslint-", dir=target.parent))
    try:
        os.chmod(folder, 0o777 & ~_umask())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def commit(folder: Path, target: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest last, then put the staged folder in the target's place."""
    with open(folder / MANIFEST, "x", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)
    if target.exists():
        _exchange(folder, target)
    else:
        os.rename(folder, target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(folder: Path, target: Path) -> None:
    """Let the two folders change places: in one step where the system can, else over a third name."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is not None:
        done = renameat2(AT_FDCWD, os.fsencode(folder), AT_FDCWD, os.fsencode(target), RENAME_EXCHANGE)
        if done == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(code, os.strerror(code), str(target))
    aside = folder.with_name(folder.name + "-old")
    os.rename(target, aside)
    os.rename(folder, target)
    os.rename(aside, folder)
