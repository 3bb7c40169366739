"""A file that appears, or takes the place of another, in one step or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from dslint.interrupts import held
from dslint.locking import hidden, locked


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write what takes the place of a file when the block ends well; otherwise the file is as it was, or not there.

    It is written beside the file and renamed over it once it is on disk, with the same mode and, where that is
    allowed, owner. A symbolic link stays, the file it leads to is replaced. What a killed run left is overwritten.

    Raises OSError with the path, and OutputError when another run is writing there.
    """
    place = Path(os.path.realpath(path))
    beside = hidden(place)
    file: IO[bytes] | None = None
    done = False
    try:
        with held():
            file = os.fdopen(locked(beside, path), "wb")
        os.ftruncate(file.fileno(), 0)
        yield file
        file.flush()
        _like(file.fileno(), place)
        os.fsync(file.fileno())
        with held():
            os.replace(beside, place)
            done = True
        sync(place.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None
    finally:
        with held(), suppress(OSError):
            if file is not None:
                if not done:
                    beside.unlink(missing_ok=True)
                file.close()


def _like(handle: int, place: Path) -> None:
    try:
        state = place.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    with suppress(PermissionError):
        os.fchown(handle, state.st_uid, state.st_gid)
    os.fchmod(handle, stat.S_IMODE(state.st_mode))


def sync(folder: Path) -> None:
    """Have the names of a folder on disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
