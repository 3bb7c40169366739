"""One message of a conversation: a line that should have been part of a `messages` list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout, one


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    return iter(())


def _beside(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield one(data, "")


LAYOUT = layout(
    "message", "one message per line", lambda keys: {"role", "content"} <= keys, _turns, "", beside=_beside
)
