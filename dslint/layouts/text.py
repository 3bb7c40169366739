"""Plain text for continued pre-training: `{"text": …}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dslint.layouts.placed import Placed, layout


def _turns(data: Mapping[str, Any]) -> Iterator[Placed]:
    return iter(())


def _beside(data: Mapping[str, Any]) -> Iterator[Placed]:
    yield Placed({"role": "", "content": data.get("text")}, "/text", None)


LAYOUT = layout("text", "plain text", lambda keys: "text" in keys, _turns, "text", beside=_beside)
