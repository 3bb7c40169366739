"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from dslint.replacing import replacing


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
