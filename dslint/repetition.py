"""Runs of one phrase that follows itself, found by looking at a few places of a text."""

from __future__ import annotations

from typing import NamedTuple

PROBE = 16  # characters compared to see a phrase again
LONGEST_PHRASE = 300  # characters
PROBES = 8  # places looked at, evenly spread over the text, the last one at its end


class Run(NamedTuple):
    """Characters [start, end) of a text, in which every character is the one `period` before it."""

    start: int
    end: int
    period: int

    @property
    def times(self) -> int:
        """How often the whole phrase stands there."""
        return (self.end - self.start) // self.period


def longest_run(text: str) -> Run | None:
    """The longest run of those at the places looked at; None where no phrase follows itself.

    Runs that cover an eighth of the text, or its end, are found whatever the text is; shorter ones by chance. A
    text costs PROBES searches over LONGEST_PHRASE characters, and its length once more for each run.
    """
    found: Run | None = None
    step = max(1, (len(text) - PROBE) // PROBES)
    for place in range(len(text) - PROBE, -1, -step):
        if found is not None and found.start <= place:
            continue
        again = text.rfind(text[place : place + PROBE], max(0, place - LONGEST_PHRASE), place + PROBE - 1)
        if again >= 0:
            run = _extended(text, again, place - again)
            if run.times > 1 and (found is None or run.end - run.start > found.end - found.start):
                found = run
    return found


def _extended(text: str, start: int, period: int) -> Run:
    """The run of this period around `start`, as far as it goes both ways."""
    end = start + period
    while end < len(text) and text[end] == text[end - period]:
        end += 1
    while start > 0 and text[start - 1] == text[start - 1 + period]:
        start -= 1
    return Run(start, end, period)
