"""Regular expressions of the standard library that are compiled when they are first used.

Every rule is loaded at every start, and to compile all their expressions takes longer than to lint a small file.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Deferred:
    """Stands for a compiled pattern, and asks for each of its methods once."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)
        setattr(self, name, value)
        return value


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, to be used as one that `re.compile` gives; an error in it comes with its first use."""
    return cast("re.Pattern[str]", _Deferred(pattern, flags))
