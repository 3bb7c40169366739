"""Room for what does not fit into memory: arrays on a disk, and work that is not begun long before it is needed."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dslint import spilling

IN_MEMORY = 256 << 20  # bytes of one array; a larger one is kept in a file without a name
AHEAD = 4  # results that may wait to be taken

Scalar = TypeVar("Scalar", bound=np.generic)
Item = TypeVar("Item")
Made = TypeVar("Made")


def scratch(shape: tuple[int, ...], kind: type[Scalar]) -> NDArray[Scalar]:
    """An array to be filled. Raises NoRoom."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    if size <= IN_MEMORY:
        return np.empty(shape, kind)
    with spilling.made_room(), tempfile.TemporaryFile() as file:
        _reserve(file.fileno(), size)
        return np.memmap(file, kind, "r+", shape=shape)


def _reserve(file: int, size: int) -> None:
    """Take the room on the disk now: a page that finds none when it is written ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    for lo in range(0, size, 1 << 20):
        os.pwrite(file, bytes(min(1 << 20, size - lo)), lo)


def release(array: object) -> None:
    """The same as of a spill, for what is an array in a file, or its bytes; of another nothing."""
    spilling.release(array if isinstance(array, mmap.mmap) else getattr(array, "_mmap", None))


def ahead(pool: Executor, function: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """What the function makes of each item, in order; only a few items are taken before they are needed."""
    waiting: deque[Future[Made]] = deque()
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) >= AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
