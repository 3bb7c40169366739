"""What of a text is prose: everything outside of its code, as Markdown marks it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

# A line that opens or closes a fenced block: up to three spaces, then three or more backticks or tildes.
FENCE = re.compile(r"^[ \t]{0,12}(`{3,}|~{3,})([^\n]*)$", re.M)
INLINE = re.compile(r"(?<!`)`[^`\n]{1,400}`(?!`)")


def blocks(text: str) -> list[tuple[int, int, bool]]:
    """Fenced blocks as (start, end, closed); the last one may be open, and then goes to the end of the text.

    As in CommonMark a block is closed by a fence of the same sign, at least as long, with nothing behind it.
    """
    found: list[tuple[int, int, bool]] = []
    opened: re.Match[str] | None = None
    for fence in FENCE.finditer(text):
        if opened is None:
            if "`" not in fence[2]:
                opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2].strip():
            found.append((opened.start(), fence.end(), True))
            opened = None
    if opened is not None:
        found.append((opened.start(), len(text), False))
    return found


def in_code(text: str) -> Callable[[int], bool]:
    """A function that says whether a place of the text lies in a fenced block or between backticks."""
    if "`" not in text and "~~~" not in text:
        return lambda place: False
    spans = [(start, end) for start, end, _ in blocks(text)]
    spans += [match.span() for match in INLINE.finditer(text)]
    spans.sort()
    starts = [start for start, _ in spans]
    reach, furthest = [], 0
    for _, end in spans:
        furthest = max(furthest, end)
        reach.append(furthest)

    def inside(place: int) -> bool:
        before = bisect_right(starts, place)
        return before > 0 and place < reach[before - 1]

    return inside
