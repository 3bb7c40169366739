"""Writing a split: every line read goes to exactly one file, byte for byte, and is counted."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dslint.dataset import File
from dslint.decode import BOM
from dslint.locking import OutputError
from dslint.manifest import MANIFEST, known_names
from dslint.sources import BUFFER, Source, why

REJECTED = "rejected.jsonl"


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
        with ExitStack() as opened:  # not one of them stays open when not all can be
            self._files = {name: opened.enter_context((folder / name).open("xb", BUFFER)) for name in names}
            self._open_files = opened.pop_all()
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

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Have everything on disk, and last the manifest, without which the folder is no split."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        self._open_files.close()
        with open(self.folder / MANIFEST, "xb") as last:
            text = json.dumps(manifest, indent=2, ensure_ascii=False)
            last.write(text.encode(errors="backslashreplace") + b"\n")  # a path may hold bytes that are no UTF-8
            last.flush()
            os.fsync(last.fileno())

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


def blocks(source: Source) -> Iterator[tuple[int, bytes]]:
    """`physical_lines` of a source; what goes wrong in reading is told apart from what goes wrong in writing."""
    try:
        with source.open() as stream:
            yield from physical_lines(stream)
    except source.read_errors() as error:
        raise OutputError(f"{source.name} cannot be read to its end: {why(error)}; nothing was written") from None
    if source.changed():
        raise OutputError(f"{source.name} changed while it was read; nothing was written")


def line_count(source: Source, files: Iterable[File]) -> int:
    """The physical lines of a source, also of one that could not be read line by line."""
    counted = next((file.lines for file in files if file.source == source.name), 0)
    return counted or max((number for number, _ in blocks(source)), default=0)


def copy(source: Source, stage: Stage, destination: Callable[[int], str]) -> Copied:
    """Copy every line of a source to the file its number is for, unchanged but for a byte order mark taken off a
    record and a line feed given to a last line without one."""
    copied, name, previous = Copied(), "", 0
    for number, block in blocks(source):
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


def check_place(target: Path, paths: Sequence[str], sources: Sequence[Source]) -> None:
    """Raise OutputError when a folder cannot stand there, or input and output would lie in each other."""
    if target.is_symlink():
        raise OutputError(f"{target} is a symbolic link; name the folder it leads to")
    if not target.absolute().name or (target.exists() and not target.is_dir()):
        raise OutputError(f"{target} is not a folder that can be written")
    if not target.parent.is_dir():
        raise OutputError(f"{target.parent} is not a folder")
    place = target.resolve()
    for source in sources:
        if source.path.resolve().is_relative_to(place):
            raise OutputError(f"{source.name} lies in the output folder {target}")
    for path in map(Path, paths):
        if path.is_dir() and place.is_relative_to(path.resolve()):
            raise OutputError(f"the output folder {target} lies in {path}, which is read; choose one outside")


def check_target(target: Path) -> bool:
    """Whether a split stands there. Raises OutputError when replacing what does would lose something else."""
    found = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
    known = known_names(target)
    strangers = [name for name in found if name not in known]
    if strangers:
        raise OutputError(f"{target} holds {strangers[0]}, which no split wrote; choose an empty or new folder")
    return bool(found)
