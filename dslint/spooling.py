"""Private copies of streams, so that they can be read twice: files without a name, which no kill leaves behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

BLOCK = 1 << 20


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream holds, in blocks, each from one system call: between two a Ctrl-C would go unheard."""
    while block := cast(BufferedReader, stream).read1(BLOCK):
        yield block


@contextmanager
def _named_in_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, tempfile.gettempdir()) from None


class Spool:
    """All blocks of a stream, in a temporary file that can be opened at `path` until it is closed.

    Where the system shows the open files of a process (Linux), the file has no other name and ends with the
    process, whatever ends it; elsewhere it has one until it is closed. Raises OSError with the folder it is in.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._file, self.path = _nameless() or _named()
        try:
            for block in blocks:
                self._write(block)
            self._flush()
        except BaseException:  # whatever ends it: nobody has the file to close
            self.close()
            raise

    def _write(self, block: bytes) -> None:
        with _named_in_errors():
            self._file.write(block)

    def _flush(self) -> None:
        with _named_in_errors():
            self._file.flush()

    @contextmanager
    def rewriting(self) -> Iterator[IO[bytes]]:
        """Write what it is to hold instead; it is read while the block goes on, and replaced when it ends well."""
        with tempfile.TemporaryFile() as new:
            yield new
            new.seek(0)
            self._file.seek(0)
            self._file.truncate()
            shutil.copyfileobj(new, self._file, BLOCK)
            self._flush()

    def close(self) -> None:
        """Remove it."""
        self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.close()

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        """Another process reads from the path; the copy stays with this one."""
        return _held_elsewhere, ()


def _held_elsewhere() -> None:
    """What a copy is in another process."""


def _nameless() -> tuple[IO[bytes], Path] | None:
    if not os.path.isdir("/proc/self/fd"):
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the one it is made for
    # By the number of this process, not `self`: its worker processes open the path too.
    return file, Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")


def _named() -> tuple[IO[bytes], Path]:
    file = tempfile.NamedTemporaryFile("w+b", prefix="dslint-", suffix=".jsonl")  # noqa: SIM115 - as above
    return file, Path(file.name)
