"""The files of a run: those named, or those that the configuration's datasets declare, each in its role."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dslint.config import FILE_KEYS, Config, ConfigError
from dslint.decode import file_fault, read_head
from dslint.findings import REFERENCE
from dslint.regex import regex
from dslint.sources import Inputs, Source, SourceError, resolve

if TYPE_CHECKING:
    from dslint.spooling import Spool

PARQUET = ".parquet"
ARRAY_BYTES = 256 << 20  # a larger array is not held in memory: it is one finding and not looked into

SPACE = regex(r"[ \t\r\n]*")
WHITE_SPACE = regex(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')  # strings stay as they are

Declared = dict[Path, tuple[str, str]]


def _relative(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def declared(config: Config) -> Declared:
    """Files of the declared datasets: real path to (role, dataset name). Raises ConfigError.

    A reference file that several datasets name has no dataset: all are compared with it.
    """
    files: Declared = {}
    for dataset in config.dataset:
        for key in FILE_KEYS:
            role = REFERENCE if key == "against" else key
            for pattern in getattr(dataset, key):
                if Path(pattern).is_absolute():
                    raise ConfigError(f"dataset {dataset.name}: {pattern} must be relative to the configuration")
                for path in _found(config.folder, pattern, dataset.name):
                    known = files.setdefault(path.resolve(), (role, dataset.name))
                    if known[0] == role == REFERENCE and known[1] != dataset.name:
                        files[path.resolve()] = REFERENCE, ""
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


def from_table(source: Source, temporary: list[Spool]) -> Source:
    """A Parquet file with each record on a line; any other as it is. Raises SourceError where it cannot be read."""
    if not source.name.lower().endswith(PARQUET):
        return source
    from dslint.rows import of_parquet, spooled  # few runs have one

    temporary.append(spool := spooled(of_parquet(source.path, source.name), source.name))
    return replace(source, path=spool.path, holds=(*source.holds, spool), items="parquet", original=source.path)


def unrolled(source: Source, temporary: list[Spool]) -> Source:
    """The same also for a file that is one JSON array, or pretty-printed."""
    source = from_table(source, temporary)
    if source.items or source.packed or source.size > ARRAY_BYTES:
        return source
    kind = _spread(source)
    if not kind:
        return source
    try:
        items = list(_items(source.path.read_bytes().decode("utf-8-sig")))
    except (ValueError, OSError, RecursionError):
        return source
    lines = "".join(WHITE_SPACE.sub(r"\1", item) + "\n" for item in items)
    from dslint.spooling import Spool

    temporary.append(spool := Spool([lines.encode()]))
    return replace(source, path=spool.path, holds=(*source.holds, spool), items=kind, original=source.path)


def _on_lines(
    sources: Iterable[Source], inputs: Inputs, read: Callable[[Source, list[Spool]], Source]
) -> Iterator[Source]:
    for source in sources:
        try:
            yield read(source, inputs.temporary)
        except SourceError as error:
            inputs.troubles.append(error)


def _spread(source: Source) -> str:
    """The fault by which the records of a file do not stand on lines of their own, "" when they do."""
    try:
        with source.open() as stream:
            fault = file_fault(*read_head(stream))
    except OSError:
        return ""
    return fault.kind if fault is not None and fault.kind in ("json-array", "pretty-printed") else ""


def _items(text: str) -> Iterator[str]:
    """The JSON text of every record: the items of one array, or values that follow each other.

    Raises ValueError where there is anything else.
    """
    scan = json.JSONDecoder().raw_decode
    at, end = _skip(text, 0), len(text)
    in_array = text[at : at + 1] == "["
    at = _skip(text, at + in_array)
    while at < end and not (in_array and text[at] == "]"):
        value, stop = scan(text, at)
        if not isinstance(value, dict):
            raise ValueError("not an object")
        yield text[at:stop]
        at = _skip(text, stop)
        if in_array and text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif in_array and text[at : at + 1] != "]":
            raise ValueError("neither a comma nor the end of the array")
    if in_array and text[at:].strip() != "]":
        raise ValueError("something follows the array")


def _skip(text: str, at: int) -> int:
    return SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches the empty string too


def _references(
    config: Config, files: Declared, sources: Sequence[Source], troubles: list[SourceError]
) -> list[Source]:
    """The declared reference files of the datasets that the sources belong to, but for those among them."""
    datasets = {source.dataset for source in sources if source.dataset}
    for dataset in config.dataset:
        for pattern in dataset.against if dataset.name in datasets else ():
            if not _found(config.folder, pattern, dataset.name):
                troubles.append(SourceError(f"dataset {dataset.name}: no file matches {pattern!r} in `against`"))
    known = {source.path.resolve() for source in sources}
    paths = [
        _relative(path)
        for path, (role, dataset) in files.items()
        if role == REFERENCE and path not in known and (dataset in datasets or not dataset)
    ]
    found = resolve(paths)
    troubles.extend(found.troubles)
    return in_roles(found.sources, files)


def gather(
    paths: Sequence[str],
    config: Config,
    *,
    stdin_name: str = "<stdin>",
    unroll: bool = True,
    against: Sequence[str] | None = None,
) -> Inputs:
    """The files to read: those named; without any, those of the declared datasets, else the current folder's.

    The records of Parquet are read as if each stood on a line, and with `unroll` those of a JSON array or
    pretty-printed JSON too.
    Reference files are never among them; they follow, in their role, where `against` is a list, which names more.
    """
    files = declared(config)
    if not paths:
        paths = [_relative(path) for path, (role, _) in files.items() if role != REFERENCE] or ["."]
    inputs = resolve(paths, stdin_name=stdin_name)
    wanted = [
        source
        for source in inputs.sources
        if not any(config.covers(pattern, source.name) for pattern in config.exclude)
    ]
    sources = in_roles(wanted, files)
    references = resolve(against or [])
    named = {source.path.resolve() for source in references.sources}
    sources = [source for source in sources if source.role != REFERENCE and source.path.resolve() not in named]
    if against is not None:
        if wanted and not sources:
            inputs.notes.append("all files are reference files: there is nothing to lint")
        inputs.troubles.extend(references.troubles)
        inputs.notes.extend(references.notes)
        inputs.temporary.extend(references.temporary)
        sources += [replace(source, role=REFERENCE, dataset="") for source in references.sources]
        sources += _references(config, files, sources, inputs.troubles)
    sources = [*_on_lines(sources, inputs, unrolled if unroll else from_table)]
    return replace(inputs, sources=sources)
