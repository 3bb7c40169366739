"""What the records of a file have in common when they are read as a table: one layout, one set of keys."""

from __future__ import annotations

from collections.abc import Iterable

from dslint.dataset import File
from dslint.shapes import Shape

# Layouts that differ by optional keys only, or are no layout: records of these do not make a mixture.
SAME = {"bedrock": "chat", "cohere": "chat", "reinforcement": "chat", "gemini-reinforcement": "gemini"}
NONE = ("unknown", "message")


def mixture(file: File) -> dict[str, tuple[int, int]]:
    """The layouts of a file that no consumer reads as one: name to (records, first line), the most frequent first.

    Records of another rule (no layout, one message per line) are left out.
    """
    found: dict[str, tuple[str, int, int]] = {}
    for name in sorted(file.layouts, key=lambda name: (-file.layouts[name], file.first[name])):
        if name not in NONE and file.layouts[name]:
            kind = SAME.get(name, name)
            shown, count, first = found.get(kind, (name, 0, file.first[name]))
            found[kind] = shown, count + file.layouts[name], min(first, file.first[name])
    rows = sorted(found.values(), key=lambda row: (-row[1], row[2]))
    return {shown: (count, first) for shown, count, first in rows}


SEPARATOR = "\n"


def key_set(shape: Shape) -> Iterable[str]:
    """The top-level keys of a record as one word, for counting how many records have the same ones.

    Records of no layout are left out: their keys are another fault.
    """
    return () if shape.layout in NONE else (SEPARATOR.join(shape.keys),)
