"""Tool definitions of a record, with their places.

The same list of tools stands in record after record: it is read once, and what rules make of it can be remembered.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from dslint.decode import decode, overflows
from dslint.findings import Finding
from dslint.records import Record
from dslint.shapes import TOOL_KEYS, Shape

OPENAI = ("chat", "preference", "reinforcement", "mistral")  # layouts that have tools in OpenAI's form
AS_TEXT = ("sharegpt", "alpaca")  # LLaMA-Factory's layouts, which want the list of tools as JSON text

PLAIN = 2  # the version of marshal's format that writes equal values alike
REMEMBERED = 500  # lists of tools, of at most LONGEST bytes each
LONGEST = 50_000
KEY, BACKSLASH = b'"tools":', ord("\\")


def has_tools(shape: Shape) -> bool:
    """Whether a record may define tools that can be read."""
    defined = any(key in TOOL_KEYS for key in shape.keys) or "input" in shape.keys
    return defined and shape.layout in (*OPENAI, *AS_TEXT)


class Tool(NamedTuple):
    """One tool definition and where it stands.

    `bare` says that it may do without `type` and `function`; `function` is then the tool itself. `name` is "" where
    it is missing or no text.
    """

    pointer: str
    data: Any
    bare: bool
    function: dict[str, Any]
    name: str

    @property
    def parameters(self) -> Any:
        """The JSON Schema of its arguments, None when there is none."""
        return self.function.get("parameters")

    def finding(self, record: Record, said: str, key: str = "") -> Finding:
        """A finding about the tool, or about one of the keys of its function, in a record that has it."""
        if isinstance(record.data.get("tools"), str):
            return record.finding(said, pointer="/tools")
        inside = "/function" if isinstance(self.data, dict) and "function" in self.data else ""
        return record.finding(said, pointer=self.pointer + (f"{inside}/{key}" if key else ""))


class Tools(tuple[Tool, ...]):
    """A list of tools that is a key of its own: no two are equal, so what it holds need not be compared."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def text_at(holder: dict[str, Any], key: str) -> str:
    """The text under a key, "" where there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=64)  # the same tools stand in record after record
def loaded(text: str) -> Any:
    """The value of a JSON text, which is not to be changed; None when it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def stated_last(data: Mapping[str, Any], raw: bytes) -> Tools | None:
    """The tools of a line whose last key is `tools`, as it mostly is; None to look for them in the record."""
    if not data or [*data][-1] != "tools":
        return None
    at = raw.find(KEY)
    begins = at > 0 and raw[at - 1] != BACKSLASH and len(raw) - at <= LONGEST
    return _stated(raw[at:].rstrip()) if begins else None


@lru_cache(REMEMBERED)
def _stated(ending: bytes) -> Tools | None:
    """The tools that the end of a line lists; None where more than its last key begins there, or no sound list."""
    holder = decode(b"{" + ending)
    given = holder["tools"] if holder is not None and len(holder) == 1 else None
    return None if not isinstance(given, list) or overflows(given) else _read(("/tools", given, None, False))


@lru_cache(maxsize=1)  # rule after rule asks about the same record
def tools(record: Record) -> Tools:
    """Every tool definition of a record whose layout has them in OpenAI's or LLaMA-Factory's form."""
    if record.layout.name in OPENAI and "functions" not in record.data:
        known = stated_last(record.data, record.raw)
        if known is not None:
            return known
    if record.layout.name in AS_TEXT:
        given: tuple[Any, ...] = ("/tools", record.data.get("tools"), None, True)
    elif record.layout.name in OPENAI:
        given = (*record.placed_tools(), record.data.get("functions"), False)
    else:
        return NONE
    written = marshal.dumps(given, PLAIN)
    return _remembered(written) if len(written) <= LONGEST else _read(given)


@lru_cache(REMEMBERED)
def _remembered(written: bytes) -> Tools:
    return _read(marshal.loads(written))


def _read(placed: tuple[Any, ...]) -> Tools:
    pointer, given, legacy, bare = placed
    listed = loaded(given) if isinstance(given, str) else given
    named = enumerate(listed if isinstance(listed, list) else [])
    before = enumerate(legacy if isinstance(legacy, list) else [])
    return Tools(
        [_tool(f"{pointer}/{place}", data, bare) for place, data in named]
        + [_tool(f"/functions/{place}", data, True) for place, data in before]
    )


@lru_cache(REMEMBERED)
def names(defined: Tools) -> frozenset[str]:
    """The names of the tools that have one."""
    return frozenset(tool.name for tool in defined) - {""}


def _tool(pointer: str, data: Any, bare: bool) -> Tool:
    function = data.get("function", data) if isinstance(data, dict) else None
    found = function if isinstance(function, dict) else {}
    return Tool(pointer, data, bare, found, text_at(found, "name"))


NONE = Tools()
