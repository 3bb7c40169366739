"""Who is told what code of a stranger is at work: the keeper of a process that it may end, see `contained`."""

from __future__ import annotations

from collections.abc import Callable

LOADING = "loading"

Announce = Callable[[str, str, int], None]


def _nobody(what: str, source: str, line: int) -> None:
    """Nobody watches."""


def by_none(what: str, source: str, line: int) -> None:
    """Nobody is told, but Ctrl-C is kept from the process: so it is with those that work on parts of a file."""


# (the code and name of a rule, LOADING, or "" when it is done; file; line)
announce: Announce = _nobody


def watched() -> bool:
    """Whether somebody watches this process, and takes Ctrl-C from it."""
    return announce is not _nobody


def by(watcher: Announce) -> None:
    """From now on tell this one."""
    global announce
    announce = watcher
