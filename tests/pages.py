"""What the tests of pages share: their fenced blocks."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "fixtures" / "projects" / "triage"


def read(name: str) -> str:
    """A page, by its path in the repository."""
    return (ROOT / name).read_text("utf-8")


def fences(text: str, kind: str) -> list[str]:
    """The bodies of the fenced blocks of a kind, without the indentation of a list they stand in."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```$", text, re.M | re.S)
    return [re.sub(rf"^{indent}", "", body, flags=re.M) for indent, body in found]
