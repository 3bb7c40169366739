"""Regular expressions of the standard library that are compiled when they are first used.

Every rule is loaded at every start, and to compile all their expressions takes longer than to lint a small file.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Deferred(Generic[AnyStr]):
    """Stands for a compiled pattern, and asks for each of its methods once."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._given: tuple[AnyStr, int] = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)
        setattr(self, name, value)
        return value


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, to be used as one that `re.compile` gives; an error in it comes with its first use."""
    return cast("re.Pattern[AnyStr]", _Deferred(pattern, flags))
