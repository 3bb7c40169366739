"""Bytes that are written once and then read often: in memory while they are few, beyond that in a nameless file."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

IN_MEMORY = 8 << 20  # bytes of one spill; more of them go to disk


class NoRoom(MemoryError):
    """There is no room on the disk for what does not fit into memory; the message names the folder."""


@contextmanager
def made_room() -> Iterator[None]:
    """For work on temporary files: where the disk fails, that says nothing of the data that is read meanwhile."""
    import tempfile

    try:
        yield
    except OSError as error:
        folder = tempfile.gettempdir()
        raise NoRoom(f"{folder}: {error.strerror}; set TMPDIR to a folder with more room") from None


def release(held: mmap.mmap | None) -> None:
    """Let the system take back the memory in which parts of a file were looked at or written."""
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


class Spill:
    """Bytes, appended and then looked at. Raises NoRoom."""

    def __init__(self, data: bytes = b"") -> None:
        self._head = bytearray(data)  # what is not in the file yet
        self._file: IO[bytes] | None = None
        self._written = 0
        self._map: mmap.mmap | None = None

    def __len__(self) -> int:
        return self._written + len(self._head)

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes at the end."""
        self._head += data
        if len(self._head) >= IN_MEMORY:
            self._flush()

    def _flush(self) -> None:
        import tempfile

        with made_room():
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - read as long as the spill is
            self._file.write(self._head)
            self._file.flush()
        self._written += len(self._head)
        self._head.clear()
        self._map = None

    @property
    def data(self) -> bytearray | mmap.mmap:
        """All bytes. What is looked at must be let go before more is added."""
        if self._file is None:
            return self._head
        if self._head:
            self._flush()
        if self._map is None:
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def release(self) -> None:
        """Let the system take back the memory in which parts of a file were looked at."""
        release(self._map)

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def __reduce__(self) -> tuple[Callable[[bytes], Spill], tuple[bytes]]:
        """To another process goes what it holds."""
        return Spill, (bytes(self.data[:]),)
