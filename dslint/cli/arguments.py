"""What commands share: selectors, the configuration to use, complaints about paths."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dslint.config import Config, ConfigError, check_layout, discover, overridden, read
from dslint.report.visible import visible
from dslint.sources import Inputs, SourceError


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
    changed = overridden(config, **changes)
    check_layout(changed.layout)
    return changed


def complaints(inputs: Inputs) -> Iterable[str]:
    """What to say on standard error of paths that were not read."""
    for note in inputs.notes:
        yield f"dslint: warning: {visible(note, 500)}"
    for trouble in inputs.troubles:
        yield from trouble_lines(trouble)


def trouble_lines(trouble: SourceError) -> Iterable[str]:
    """What to say of one of them: what is wrong and, where there is one, the remedy."""
    yield f"dslint: error: {visible(str(trouble), 500)}"
    if trouble.remedy:
        yield f"  help: {trouble.remedy}"
