"""What of a text is prose: everything outside of its code, as Markdown marks it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

# A line that opens or closes a fenced block: up to three spaces, then three or more backticks or tildes.
FENCE = re.compile(r"^[ \t]{0,12}(`{3,}|~{3,})([^\n]*)$", re.M)
CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,400}`", re.DOTALL)


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
    """A function that says whether a place of the text lies between fences, wherever they stand, or backticks."""
    spans = [match.span() for match in CODE.finditer(text)] if "`" in text or "~~~" in text else []
    starts = [start for start, _ in spans]

    def inside(place: int) -> bool:
        before = bisect_right(starts, place)
        return before > 0 and place < spans[before - 1][1]

    return inside
