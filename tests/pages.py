"""What the tests of pages share: their fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "fixtures" / "projects" / "triage"


def read(name: str) -> str:
    """A page, by its path in the repository."""
    return (ROOT / name).read_text("utf-8")


FENCE = re.compile(r"^( *)(`{3,})(\w*)(?: ([^\n`]+))?\n(.*?)^\1\2$", re.M | re.S)


class Fence(NamedTuple):
    """A fenced block: its kind, the name of the file it stands for or "", and its text."""

    kind: str
    name: str
    body: str


def blocks(text: str) -> Iterator[Fence]:
    """The fenced blocks of a page, without the indentation of a list they stand in."""
    for indent, _, kind, name, body in FENCE.findall(text):
        yield Fence(kind, name, re.sub(rf"^{indent}", "", body, flags=re.M))


def fences(text: str, kind: str) -> list[str]:
    """The texts of the blocks of a kind."""
    return [block.body for block in blocks(text) if block.kind == kind]


def without_code(text: str) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", text)
