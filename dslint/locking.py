"""One writer at a time: a lock on a hidden file beside what is written, freed by the system however a run ends."""

from __future__ import annotations

import os
from pathlib import Path

from dslint.config import ConfigError

LONGEST = 50  # characters of a name that a hidden name repeats: four bytes each stay below what systems allow


class OutputError(ConfigError):
    """An output that cannot be written; the message is one line."""


def hidden(target: Path, end: str = "") -> Path:
    """The hidden name beside a target that only dslint uses, always the same, so that a later run finds it."""
    whole = Path(os.path.abspath(target))
    return whole.parent / f".{whole.name[:LONGEST]}.dslint{end}"


def locked(path: Path, target: Path) -> int:
    """A handle of the file, which is made if need be and locked until the handle is closed.

    A name is unlinked or renamed only by the one who holds its lock: whoever has waited for a name that has gone
    in the meantime tries again. Raises OutputError when another run holds it, OSError when it cannot be made.
    """
    import fcntl  # not on every system, and only writers lock

    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
            os.close(handle)
        except FileNotFoundError:
            os.close(handle)
        except BlockingIOError:
            os.close(handle)
            raise OutputError(f"another run of dslint is writing {target}") from None
        except OSError:
            path.unlink(missing_ok=True)  # where no lock can be had, no other run has one
            os.close(handle)
            raise
