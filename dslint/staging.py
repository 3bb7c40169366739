"""A folder put in its place in one step: staged beside it under a lock, flushed, exchanged for what was there."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dslint.interrupts import held
from dslint.locking import OutputError, hidden, locked
from dslint.replacing import sync

LOCK, OLD = "-lock", "-old"
RENAME_EXCHANGE = 2  # Linux renameat2(2): the two names change places in one step
AT_FDCWD = -100
NO_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


@contextmanager
def exclusive(target: Path) -> Iterator[None]:
    """Keep other runs from the target, and clear away what a killed one left beside it.

    Raises OutputError in one line, also for every OSError of the block.
    """
    handle: int | None = None
    try:
        with held():
            handle = locked(hidden(target, LOCK), target)
        _recover(target)
        yield
    except OSError as error:
        raise OutputError(f"{target}: {_reason(error)}") from None
    finally:
        if handle is not None:
            with held(), suppress(OSError):
                hidden(target, LOCK).unlink(missing_ok=True)
                os.close(handle)


def _reason(error: OSError) -> str:
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return "nothing can be put in its place; if something is mounted there, choose a folder inside"
    return error.strerror or str(error)


def leftovers(target: Path) -> list[Path]:
    """What stands beside a target of runs that were killed, or that could not remove it."""
    found = (hidden(target, end) for end in ("", OLD))
    return [path for path in found if path.is_dir() and not path.is_symlink()]


def _recover(target: Path) -> None:
    """Nobody else is at work here, so what stands beside the target is of a run that was killed."""
    old = hidden(target, OLD)
    if old.is_dir() and not os.path.lexists(target):
        os.rename(old, target)
    for path in _needless(target):
        _remove(path)


def _needless(target: Path) -> list[Path]:
    """The old folder is needed for as long as nothing stands in its place."""
    return [path for path in leftovers(target) if path == hidden(target) or os.path.lexists(target)]


def _remove(folder: Path) -> None:
    """Remove a folder of files with one handle: there may be no more. Raises OSError when something stays."""
    for name in os.listdir(folder):
        with suppress(OSError):
            os.unlink(folder / name)
    os.rmdir(folder)


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, for one run alone; whatever is left of it is removed."""
    folder = hidden(target)
    try:
        folder.mkdir()
        yield folder
    finally:
        with held(), suppress(OSError):  # what stays is removed by the next run
            for path in _needless(target):
                _remove(path)


def commit(folder: Path, target: Path) -> None:
    """Put the staged folder, whose files are on disk, in the target's place."""
    sync(folder)
    with held():
        if os.path.lexists(target):
            _exchange(folder, target)
        else:
            os.rename(folder, target)
        sync(hidden(target).parent)


def _exchange(folder: Path, target: Path) -> None:
    """Let the two folders change places: in one step where the system can.

    Where it cannot, the old one goes aside first. A run killed just then leaves no folder, rather than a mixed one,
    and the next one puts the old one back.
    """
    if _exchanged(folder, target):
        return
    old = hidden(target, OLD)
    os.rename(target, old)
    try:
        os.rename(folder, target)
    except OSError:
        os.rename(old, target)
        raise


def _exchanged(folder: Path, target: Path) -> bool:
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    if renameat2(AT_FDCWD, os.fsencode(folder), AT_FDCWD, os.fsencode(target), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code not in NO_EXCHANGE:
        raise OSError(code, os.strerror(code), str(target))
    return False
