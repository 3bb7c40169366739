"""A window of a long line around a span, with a caret line that fits under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dslint.report.visible import pieces, width_of

MARGIN = 2  # characters beside the window that decide whether what stands at its edge is part of a command


def _fit(shown: Iterable[str], room: int) -> list[str]:
    """As many pieces as fit into `room` columns."""
    kept: list[str] = []
    for piece in shown:
        room -= width_of(piece)
        if room < 0:
            break
        kept.append(piece)
    return kept


class Window(NamedTuple):
    """Part of a line as it is shown: what stands before the span, the span or its beginning, what follows."""

    before: str
    marked: str
    after: str


def window(text: str, start: int, end: int, width: int) -> Window:
    """At most `width` columns of a line; a third of the room goes before the span.

    `start` and `end` count characters of `text`; beyond it they are its end. The start of the span is always in the
    window; a span that starts with a combining mark is shown from the character that carries it.
    """
    room = max(width - 2, 12)
    start, end = min(start, len(text)), min(end, len(text))
    low, high = max(0, start - room - MARGIN), min(len(text), start + room + MARGIN)
    shown = pieces(text[low:high])
    while low < start < end and not width_of(shown[start - low]):
        start -= 1
    lead = _fit(reversed(shown[: start - low]), room // 3)[::-1]
    marked = _fit(shown[start - low : end - low], room - _width(lead))
    whole = len(marked) == min(end, high) - start
    tail = _fit(shown[start - low + len(marked) :], room - _width(lead) - _width(marked)) if whole else []
    prefix = "" if len(lead) == start else "…"
    suffix = "" if start + len(marked) + len(tail) >= len(text) else "…"
    return Window(prefix + "".join(lead), "".join(marked), "".join(tail) + suffix)


def excerpt(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """(window, carets) of at most `width` columns each."""
    seen = window(text, start, end, width)
    return "".join(seen), " " * width_of(seen.before) + "^" * max(width_of(seen.marked), 1)


def _width(shown: list[str]) -> int:
    return sum(width_of(piece) for piece in shown)
