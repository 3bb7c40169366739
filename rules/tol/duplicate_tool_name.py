from collections.abc import Iterator
from functools import lru_cache

from dslint import Finding, Record, rule
from dslint.tooldefs import REMEMBERED, Tool, Tools, has_tools, tools


@lru_cache(REMEMBERED)
def _repeated(defined: Tools) -> list[Tool]:
    first = {tool.name: tool for tool in reversed(defined)}
    return [tool for tool in defined if tool.name and tool is not first[tool.name]]


@rule("TOL114", severity="error", help="define every tool once", gate=has_tools)
def duplicate_tool_name(record: Record) -> Iterator[Finding]:
    """Two tools of one record with the same name."""
    for tool in _repeated(tools(record)):
        yield tool.finding(record, f"tool {tool.name[:40]!r} is defined before", "name")
