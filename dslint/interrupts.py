"""Signals that end a run: between two steps of it, within two seconds, with the exit code that shells expect."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
GRACE = 1.5  # seconds for a long native call to return and for what was begun to be removed


class Ended(BaseException):
    """A signal ends the run; not a KeyboardInterrupt, which libraries take for theirs."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def by_user(error: BaseException) -> bool:
    """Whether it is a signal to end, and no fault of the code that it comes through."""
    return isinstance(error, (Ended, KeyboardInterrupt))


def catch() -> None:
    """From now on a signal raises Ended, once, and ends the process if that takes too long.

    A signal that the starter of the process has set to be ignored stays so.
    """
    caught = [number for number in ENDING if signal.getsignal(number) != signal.SIG_IGN]
    for number in caught:
        signal.signal(number, _end)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), daemon=True).start()


def release() -> None:
    """The work is done: a signal that comes now has nothing left to end."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def leave() -> None:
    """In a copy (fork) of the process: signals are its own, and ending it is left to the process it is from."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, _: FrameType | None) -> None:
    release()  # what is cleaned up now is not to be interrupted
    raise Ended(number)


def _watch(reader: int) -> None:
    """Handlers run between two steps of Python: while a native call goes on, only a thread can end the process."""
    while (number := os.read(reader, 1)[0]) not in ENDING:
        pass
    time.sleep(GRACE)
    os._exit(128 + number)


@contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the block has ended: it is short, and half of it is not to be left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late: list[int] = []
    before = {number: signal.signal(number, lambda number, _: late.append(number)) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if late:
            signal.raise_signal(late[0])
