"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO

from dslint.replacing import replacing


class Beside:
    """A temporary file beside a path, gone afterwards unless it was renamed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> IO[bytes]:
        try:
            self.file = tempfile.NamedTemporaryFile("wb", dir=self.path.parent, prefix=".dslint-", delete=False)
        except OSError as error:
            error.filename = str(self.path)  # nobody knows the temporary name
            raise
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(self.file.name, 0o666 & ~mask)
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.close()
        Path(self.file.name).unlink(missing_ok=True)


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Text that takes the place of a file when all of it has been written; a pipe or device takes it as it comes.

    A link stays one, a file keeps its mode. Raises OSError that names the path.
    """
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    with replacing(path) as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield text
        text.detach()  # which flushes it, and leaves the file to be put in place


def check_place(path: Path) -> None:
    """Raise the OSError that writing there would end in, before there is anything to write."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
