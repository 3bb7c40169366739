"""From command-line paths and configuration to the files of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from dslint.config import ROLE_KEYS, Config, ConfigError, discover, overridden, read
from dslint.report.visible import visible
from dslint.sources import Inputs, Source, resolve, with_role


def split_list(values: Iterable[str] | None) -> tuple[str, ...] | None:
    """Selectors given as `A,B` or repeatedly, as one tuple; None when none were given."""
    if not values:
        return None
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def configuration(path: Path | None, *, isolated: bool, **changes: object) -> Config:
    """The configuration named, found, or none (isolated), with what the command line overrides."""
    if isolated:
        config = Config(isolated=True)
    elif path is not None:
        found = read(path)
        if found is None:
            raise ConfigError(f"{path}: no [tool.dslint] table")
        config = found
    else:
        config = discover(Path.cwd())
    return overridden(config, **changes)


def _relative(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _declared(config: Config) -> dict[Path, tuple[str, str]]:
    """Files of the declared datasets: real path to (role, dataset name)."""
    files: dict[Path, tuple[str, str]] = {}
    for dataset in config.dataset:
        for role in ROLE_KEYS:
            for pattern in getattr(dataset, role):
                if Path(pattern).is_absolute():
                    raise ConfigError(f"dataset {dataset.name}: {pattern} must be relative to the configuration")
                for path in sorted(config.folder.glob(pattern)):
                    files.setdefault(path.resolve(), (role, dataset.name))
    return files


def gather(paths: Sequence[str], config: Config, *, stdin_name: str = "<stdin>") -> Inputs:
    """The files to read: those named; without any, those of the declared datasets, else the current folder's."""
    declared = _declared(config)
    if not paths:
        paths = [_relative(path) for path in declared] or ["."]
    inputs = resolve(paths, stdin_name=stdin_name)
    kept = [_in_dataset(source, declared) for source in inputs.sources if not _excluded(source, config)]
    return Inputs(kept, inputs.troubles, inputs.notes, inputs.temporary)


def _in_dataset(source: Source, declared: dict[Path, tuple[str, str]]) -> Source:
    found = declared.get(source.path.resolve())
    return with_role(source, *found) if found else source


def _excluded(source: Source, config: Config) -> bool:
    return any(fnmatch(source.name, pattern) for pattern in config.exclude)


def complaints(inputs: Inputs) -> Iterable[str]:
    """What to say on standard error of paths that were not read."""
    for note in inputs.notes:
        yield f"dslint: warning: {visible(note, 500)}"
    for trouble in inputs.troubles:
        yield f"dslint: error: {visible(str(trouble), 500)}"
        if trouble.remedy:
            yield f"  help: {trouble.remedy}"
