"""The files of a run: those named, or those that the configuration's datasets declare, each in its role."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from jiter import from_json

from dslint.config import ROLE_KEYS, Config, ConfigError
from dslint.decode import file_fault, read_head
from dslint.sources import Inputs, Source, resolve, spool

ARRAY_BYTES = 256 << 20  # a larger array is not held in memory: it is one finding and not looked into

Declared = dict[Path, tuple[str, str]]


def _relative(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def declared(config: Config) -> Declared:
    """Files of the declared datasets: real path to (role, dataset name). Raises ConfigError."""
    files: Declared = {}
    for dataset in config.dataset:
        for role in ROLE_KEYS:
            for pattern in getattr(dataset, role):
                if Path(pattern).is_absolute():
                    raise ConfigError(f"dataset {dataset.name}: {pattern} must be relative to the configuration")
                for path in _found(config.folder, pattern, dataset.name):
                    files.setdefault(path.resolve(), (role, dataset.name))
    return files


def _found(folder: Path, pattern: str, name: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except ValueError as error:
        raise ConfigError(f"dataset {name}: {pattern!r} is no pattern: {error}") from None


def in_roles(sources: Iterable[Source], files: Declared) -> list[Source]:
    """The sources, those of a declared dataset in the role it gives them."""
    found = ((source, files.get(source.path.resolve())) for source in sources)
    return [replace(source, role=known[0], dataset=known[1]) if known else source for source, known in found]


def unrolled(source: Source, temporary: list[Path]) -> Source:
    """A file that is one JSON array of records as lines, one item each; any other file as it is."""
    if source.packed or source.size > ARRAY_BYTES or not _is_array(source):
        return source
    try:
        items = from_json(source.path.read_bytes())
    except (ValueError, OSError):
        return source
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return source
    lines = (json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass") for item in items)
    temporary.append(spool(io.BytesIO(b"".join(line + b"\n" for line in lines))))
    return replace(source, path=temporary[-1], items=True)


def _is_array(source: Source) -> bool:
    try:
        with source.open() as stream:
            fault = file_fault(*read_head(stream))
    except OSError:
        return False
    return fault is not None and fault.kind == "json-array"


def gather(paths: Sequence[str], config: Config, *, stdin_name: str = "<stdin>", unroll: bool = True) -> Inputs:
    """The files to read: those named; without any, those of the declared datasets, else the current folder's.

    With `unroll` the items of a JSON array are read as if they were lines.
    """
    files = declared(config)
    if not paths:
        paths = [_relative(path) for path in files] or ["."]
    inputs = resolve(paths, stdin_name=stdin_name)
    wanted = [
        source
        for source in inputs.sources
        if not any(config.covers(pattern, source.name) for pattern in config.exclude)
    ]
    sources = in_roles(wanted, files)
    if unroll:
        sources = [unrolled(source, inputs.temporary) for source in sources]
    return replace(inputs, sources=sources)
