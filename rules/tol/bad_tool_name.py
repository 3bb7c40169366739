from collections.abc import Iterator
from functools import lru_cache

from dslint import Finding, Record, rule
from dslint.regex import regex
from dslint.toolcalls import calls, has_tools_or_calls
from dslint.tooldefs import REMEMBERED, Tool, Tools, names, tools

NAME = regex(r"[A-Za-z0-9_-]{1,64}")


@lru_cache(REMEMBERED)
def _misnamed(defined: Tools) -> list[Tool]:
    return [tool for tool in defined if tool.name and not NAME.fullmatch(tool.name)]


@rule("TOL111", severity="error", help="use 1 to 64 letters, digits, _ and -", gate=has_tools_or_calls)
def bad_tool_name(record: Record) -> Iterator[Finding]:
    """A tool whose name has other characters than providers take, or more than 64."""
    defined = tools(record)
    for tool in _misnamed(defined):
        yield tool.finding(record, f"tool name {tool.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -", "name")
    for call in calls(record):
        if call.name and call.name not in names(defined) and not NAME.fullmatch(call.name):
            said = f"tool name {call.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -"
            yield call.finding(said, "function/name")
