"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO


class Beside:
    """A temporary file beside a path, gone afterwards unless it was renamed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> IO[bytes]:
        self.file = tempfile.NamedTemporaryFile("wb", dir=self.path.parent, prefix=".dslint-", delete=False)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(self.file.name, 0o666 & ~mask)
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.close()
        Path(self.file.name).unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Text that takes the place of a file when all of it has been written; a pipe or device takes it as it comes.

    A link stays one, a file keeps its mode. Raises OSError that names the path.
    """
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    real = Path(os.path.realpath(path))
    with Beside(real) as file:
        with open(file.name, "w", encoding="utf-8", newline="\n") as text:
            yield text
            text.flush()
            os.fsync(text.fileno())
        if real.exists():
            shutil.copymode(real, file.name)
        os.replace(file.name, real)


def check_place(path: Path) -> None:
    """Raise the OSError that writing there would end in, before there is anything to write."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
