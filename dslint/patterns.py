"""Regular expressions over hostile text: linear time only, one meaning, many at once.

RE2 has no look-around and no back-references; its `\\d`, `\\w`, `\\s` and `\\b` are those of ASCII.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

UNSUPPORTED = (
    (re.compile(r"\(\?<?[=!]"), "look-around is not supported: no linear-time engine has it"),
    (re.compile(r"\\[1-9]|\(\?P="), "back-references are not supported: no linear-time engine has them"),
)
MEMORY = 32 << 20  # bytes that one pattern, or set of patterns, may use
REPEATS = re.compile(r"\{(?:\d*,)?(\d+)\}")
MUCH = 1000  # repeats in one pattern; RE2 itself takes no more of one thing
ONE_TEXT = re.compile(r"\\[AzQ]|\(\?[a-zA-Z]*-")  # what can tell a text from its place in a longer one
SEPARATOR = b"\n"  # between texts that are asked together, and at their end
END = r"\z"  # matches in every block


class PatternError(Exception):
    """A pattern that no linear-time engine takes; the message is one line."""


def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    return options


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2

    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        raise PatternError(f"{pattern!r}: {_reason(pattern, error)}") from None


def _reason(pattern: str, error: Exception) -> str:
    for unsupported, reason in UNSUPPORTED:
        if unsupported.search(pattern):
            return reason
    said = error.args[0] if error.args else "not a regular expression"
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def check_pattern(pattern: str) -> None:
    """Raise PatternError when the pattern cannot be used.

    To read a pattern takes a twentieth of the time to compile it, and only one that repeats much can be too large.
    """
    import re2

    try:
        re2.Set.SearchSet(_options()).Add(pattern)
        sound = sum(map(int, REPEATS.findall(pattern))) <= MUCH
    except re2.error:
        sound = False
    if not sound:
        _compiled(pattern)


def spans(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Character spans of all matches, left to right, without overlap and without empty ones."""
    for match in _compiled(pattern).finditer(text):
        start, end = match.span()
        if end > start:
            yield start, end


def full_match(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text. Raises PatternError."""
    return _compiled(pattern).fullmatch(text) is not None


class PatternSet:
    """Patterns that are asked together, in one pass over many texts: most of them match in none."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = [None if ONE_TEXT.search(pattern) else f"(?m){pattern}" for pattern in patterns]
        self.parts = list(_parts([pattern or "" for pattern in self.patterns], 0))

    def rows(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(place of a pattern, place of a text) wherever it may match, and nowhere else can it."""
        lines = list(map(str.encode, texts))  # one by one: a single emoji makes a joined text slow to encode
        block = SEPARATOR.join([*lines, b""])
        starts: list[int] = []
        for compiled, places in self.parts:
            found: list[int] | None = compiled.Match(block) if compiled else None
            # A set that ran out of memory finds nothing, not even what is always there.
            asked = found is not None and len(places) in found
            if found is not None and found == [len(places)]:
                continue
            starts = starts or list(accumulate((len(line) + 1 for line in lines), initial=0))
            for number, place in enumerate(places):
                if not asked or number in (found or ()):
                    for row in _rows(self.patterns[place], block, starts):
                        yield place, row


def _search(pattern: str) -> Any:
    """What searches for the pattern, None where it is too large: then its rule is asked, and says so."""
    try:
        return _compiled(pattern).search
    except PatternError:
        return None


def _rows(pattern: str | None, block: bytes, starts: Sequence[int]) -> Iterator[int]:
    """Places of the texts that a match in the block touches, all of them without a pattern; `starts` ends with the
    length of the block."""
    search = None if pattern is None else _search(pattern)
    if search is None:
        yield from range(len(starts) - 1)
        return
    next_row = 0
    while next_row < len(starts) - 1 and (match := search(block, starts[next_row])) is not None:
        first, after = (bisect_right(starts, edge, hi=len(starts) - 1) for edge in match.span())
        yield from range(max(first - 1, next_row), after)
        next_row = after


def _parts(patterns: Sequence[str], first: int) -> Iterator[tuple[Any, range]]:
    """Sets of patterns, each with the places of its patterns; None instead of a set that needs too much memory."""
    import re2

    compiled = re2.Set.SearchSet(_options())
    for pattern in (*patterns, END):
        compiled.Add(pattern)
    try:
        compiled.Compile()
    except re2.error:
        half = len(patterns) // 2
        if half:
            yield from _parts(patterns[:half], first)
            yield from _parts(patterns[half:], first + half)
        else:
            yield None, range(first, first + 1)
    else:
        yield compiled, range(first, first + len(patterns))
