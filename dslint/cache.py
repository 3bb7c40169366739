"""What parts of large files gave, kept between runs: a second run looks closely only where something has changed.

A file is cut where its content says so, so that a line more or less moves no cut but those beside it. A part is
known by its bytes, by the rules with their options, and by the code of dslint itself.
"""

from __future__ import annotations

import os
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

import jiter

from dslint import loader, sources
from dslint.dataset import File, Tally
from dslint.engine import Mapped, Plan
from dslint.facts import Gathered
from dslint.findings import Finding, Related, Where
from dslint.regex import regex
from dslint.segments import Entries, Segment
from dslint.sources import Source
from dslint.spilling import Spill

LARGEST = 4 << 30  # bytes of a file of which something is kept, and of all that is
CUT = 8192  # lines of a part, in the mean
PART_BYTES = 16 << 20  # at most, but for its last line
LOOKED_AT = slice(-200, -8)  # of a line that says whether a part ends with it; the last bytes are often the same
NAME = regex("[0-9a-f]{32}")  # of a shelf: nothing else in the folder is touched
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What dslint keeps between runs; it may be deleted.\n"
UNUSED = 30 * 86_400  # seconds after which what was kept of a file goes


def usual() -> Cache | None:
    """Where the user wants caches to stand, None for nowhere."""
    if os.environ.get("DSLINT_NO_CACHE"):
        return None
    if named := os.environ.get("DSLINT_CACHE_DIR"):
        return Cache(Path(named))
    from platformdirs import user_cache_path

    return Cache(user_cache_path("dslint", appauthor=False))


@dataclass(frozen=True)
class Cache:
    """A folder of what was found before; whatever goes wrong in it is as if it had nothing."""

    folder: Path
    started: float = field(default_factory=time.time)

    def shelf(self, plan: Plan, source: Source, layout: str) -> Shelf | None:
        """What is kept of a source, None where nothing is to be."""
        size = source.size
        if source.packed or source.items or source.state is None or not sources.LARGE <= size <= LARGEST:
            return None
        said = _said(plan)
        if said is None:
            return None
        return Shelf(self._folder(said, layout, source.name, source.role, str(source.path.resolve())))

    def sketches(self, paths: Sequence[str]) -> Path:
        """The folder for those of the questions that stand in some files."""
        return self._folder("sketches", str(Path.cwd()), *paths)

    def _folder(self, *what: str) -> Path:
        key = blake2b("\0".join((_code(), *what)).encode("utf-8", "surrogateescape"), digest_size=16)
        return self.folder / key.hexdigest()

    def tidy(self) -> None:
        """Remove what this run had no use for in its files, what nobody used for long, and what is too much."""
        with suppress(OSError):
            shelves = [shelf for shelf in self.folder.iterdir() if NAME.fullmatch(shelf.name)]
            ages = sorted(((_last_used(shelf), shelf) for shelf in shelves), reverse=True)
            total = 0
            for used, shelf in ages:
                entries = [(entry, entry.stat()) for entry in shelf.iterdir()]
                total += sum(found.st_size for _, found in entries)
                whole = total > LARGEST or used < self.started - UNUSED
                for entry, found in entries:
                    if whole or (used >= self.started and found.st_mtime < self.started):
                        entry.unlink()
                if whole:
                    shelf.rmdir()


def _last_used(shelf: Path) -> float:
    return max((entry.stat().st_mtime for entry in shelf.iterdir()), default=0.0)


def _make(folder: Path) -> None:
    """Make a shelf, in a folder that says what it is to those who make backups and commits.

    Only the user may look into it: what records say stands there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in (("CACHEDIR.TAG", TAG), (".gitignore", "*\n")):
        if not (folder.parent / name).exists():
            (folder.parent / name).write_text(text)


def _said(plan: Plan) -> str | None:
    """What the plan asks of each line, None when a stranger's code has a say in it."""
    home = str(loader.builtin()) + os.sep
    if not all(rule.origin.startswith(home) for rule in plan.rules):
        return None
    rules = [(rule.code, rule.severity, sorted(rule.settings.items())) for rule in plan.rules]
    collectors = [(made.__module__, getattr(made, "__qualname__", "")) for made in plan.collectors]
    return repr((rules, collectors)) if all(name for _, name in collectors) else None


@lru_cache(maxsize=1)
def _code() -> str:
    """The state of dslint's own files, and of the packages installed beside it."""
    found = blake2b(digest_size=16)
    for folder in (Path(__file__).parent, loader.builtin()):
        for root, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                state = os.stat(os.path.join(root, name))
                found.update(f"{root}/{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    beside = Path(jiter.__file__).parent.parent.stat().st_mtime_ns
    return f"{found.hexdigest()} {beside}"


def parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines in parts, cut by what they say."""
    part: list[bytes] = []
    size = 0
    for raw in lines:
        part.append(raw)
        size += len(raw)
        if crc32(raw[LOOKED_AT]) % CUT == 0 or size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


class Shelf:
    """What is kept of one file, for one plan: a file for each of its parts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parts(self, lines: Iterable[bytes], mapped: Callable[[Sequence[bytes]], Mapped]) -> Iterator[Mapped]:
        """What each part of the lines gives, as it is known or else by mapping it."""
        for part in parts(lines):
            path = self.folder / blake2b(b"".join(part), digest_size=20).hexdigest()
            found = _kept(path)
            if found is None:
                found = mapped(part)
                if not found.crashes:
                    self._keep(path, found)
            yield found

    def _keep(self, path: Path, found: Mapped) -> None:
        staged = path.with_suffix(f".{os.getpid()}")
        body = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        try:
            _make(self.folder)
            staged.write_bytes(_digest(body) + body)
            staged.replace(path)
        except OSError:
            with suppress(OSError):
                staged.unlink()


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


class _Reader(pickle.Unpickler):
    """Makes nothing but what is kept: whoever can write to the folder can still not run code."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name, if it is one of them."""
        known = KEPT.get(name)
        if known is None or known.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is not kept")
        return known


KEPT = {
    kind.__name__: kind
    for kind in (Counter, Entries, File, Finding, Gathered, Mapped, Related, Segment, Spill, Tally, Where)
}


def _kept(path: Path) -> Mapped | None:
    """What stands there, if it is whole; a look at it counts as use."""
    try:
        body = path.read_bytes()
        if _digest(body[16:]) != body[:16]:
            return None
        found = _Reader(BytesIO(body[16:])).load()
        os.utime(path)
    except Exception:  # of a file that somebody else wrote pickle may raise anything
        return None
    return found if isinstance(found, Mapped) else None
