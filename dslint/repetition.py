"""Runs of one phrase that follows itself, found by looking at a few places of a text."""

from __future__ import annotations

from typing import Any, NamedTuple

PROBE = 16  # characters compared to see a phrase again
LONGEST_PHRASE = 300  # characters, or bytes
SHORTEST = 1200  # characters, or bytes, that a run must have
REACH = 440  # below half of SHORTEST less a phrase
STEP = 1000  # below SHORTEST less a probe and a phrase of an eighth of it, so that a probe falls into every run


class Run(NamedTuple):
    """Places [start, end) of a text, in which everything is as it is `period` before."""

    start: int
    end: int
    period: int


def longest_run(text: str | bytes, times: int) -> Run | None:
    """The longest run in which a phrase stands at least `times` times; None where there is none.

    With eight times and more no run is missed. A text costs one search over LONGEST_PHRASE characters for each
    STEP of it, and its length once more for the runs.
    """
    found: Run | None = None
    rfind: Any = text.rfind
    for place in range(len(text) - PROBE, -1, -STEP):
        first = place - LONGEST_PHRASE if place > LONGEST_PHRASE else 0
        again = rfind(text[place : place + PROBE], first, place + PROBE - 1)
        if again >= 0 and (found is None or place < found.start) and _goes_on(text, again, place):
            run = _extended(text, again, place - again)
            size = run.end - run.start
            if size >= max(SHORTEST, times * run.period) and (found is None or size > found.end - found.start):
                found = run
    return found


def _goes_on(text: str | bytes, again: int, place: int) -> bool:
    """Whether the same stands at both places for REACH to the right or to the left, as it does in every run."""
    ahead = len(text) - place >= REACH and text[again : again + REACH] == text[place : place + REACH]
    return ahead or (again >= REACH and text[again - REACH : again] == text[place - REACH : place])


def _extended(text: str | bytes, start: int, period: int) -> Run:
    """The run of this period around `start`, as far as it goes both ways."""
    end = start + period
    while end < len(text) and text[end] == text[end - period]:
        end += 1
    while start > 0 and text[start - 1] == text[start - 1 + period]:
        start -= 1
    return Run(start, end, period)
