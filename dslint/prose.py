"""What of a text is prose: everything outside of its code, as Markdown marks it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from dslint.regex import regex

# Fenced blocks, wherever they begin; the last one may be open. Then what stands between backticks.
CODE = regex(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,400}`", re.DOTALL)


def in_code(text: str) -> Callable[[int], bool]:
    """A function that says whether a place of the text lies between fences, wherever they stand, or backticks."""
    spans = [match.span() for match in CODE.finditer(text)] if "`" in text or "~~~" in text else []
    starts = [start for start, _ in spans]

    def inside(place: int) -> bool:
        before = bisect_right(starts, place)
        return before > 0 and place < spans[before - 1][1]

    return inside
