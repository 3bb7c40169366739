"""Some of very many texts, chosen by what they say: the same in whatever order they come."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from zlib import crc32


def checks(texts: Sequence[str]) -> Sequence[int]:
    """The CRC-32 of each text; texts that are read from somewhere may have worked them out in `checks`."""
    known: Sequence[int] | None = getattr(texts, "checks", None)
    return array("I", (crc32(text.encode("utf-8", "replace")) for text in texts)) if known is None else known
