"""What a terminal allows: colour, width, progress."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TextIO

WIDTH = 100


def color_for(stream: TextIO, wanted: str) -> bool:
    """Whether to colour: the flag, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, then a terminal."""
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE")
    if forced:
        return forced != "0"
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def width_for(stream: TextIO) -> int:
    """Columns of the terminal; 100 where there is none, so that files and logs look the same everywhere."""
    if not stream.isatty():
        return WIDTH
    return max(40, shutil.get_terminal_size((WIDTH, 24)).columns)


class Progress:
    """A line on standard error that shows how much has been read: only on a terminal, only after a second."""

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self.total, self.done = max(total, 1), 0
        self.start = time.monotonic()
        watched = os.environ.get("CI") or os.environ.get("PRE_COMMIT") or os.environ.get("TERM") == "dumb"
        self.on = sys.stderr.isatty() and not watched and not quiet
        self.shown = False

    def add(self, size: int) -> None:
        """Count bytes, and show them when it is time."""
        self.done += size
        if self.on and time.monotonic() - self.start > 1:
            share = min(self.done / self.total, 1)
            bar = ("█" * round(share * 30)).ljust(30, "░")
            text = f"\r  reading {bar} {share:4.0%}  {self.done / 1e6:,.0f} MB"
            print(text, end="", file=sys.stderr, flush=True)
            self.shown = True

    def clear(self) -> None:
        """Take the line away again."""
        if self.shown:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
