"""Fields of a record that a user names: `metadata.user_id`, `messages[0].content` or a JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dslint.findings import tokens
from dslint.records import canonical
from dslint.regex import regex

INDEX = regex(r"\[([0-9]{1,9})\]")


class Field(NamedTuple):
    """A field: as the user wrote it, and the keys and places that lead to it."""

    text: str
    path: tuple[str, ...]

    def of(self, data: Mapping[str, Any]) -> str | None:
        """The field's value as text, None where there is none or it is null.

        `17`, `17.0` and `"17"` are the same: identifiers change their type from export to export.
        """
        value: Any = data
        for key in self.path:
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, list) and key.isascii() and key.isdigit() and len(key) < 10:
                value = value[int(key)] if int(key) < len(value) else None
            else:
                return None
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return canonical(value).decode()


def parse(text: str) -> Field:
    """The field of that name. Raises ValueError when it names none."""
    if text.startswith("/"):
        return Field(text, tuple(tokens(text)))
    path = tuple(INDEX.sub(r".\1", text).removeprefix(".").split("."))
    if not all(path):
        raise ValueError(f"{text!r} is neither like metadata.user_id nor a JSON pointer")
    return Field(text, path)
