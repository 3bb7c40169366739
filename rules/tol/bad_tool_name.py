from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.regex import regex
from dslint.toolcalls import calls, has_tools_or_calls, tools

NAME = regex(r"[A-Za-z0-9_-]{1,64}")


@rule("TOL111", severity="error", help="use 1 to 64 letters, digits, _ and -", gate=has_tools_or_calls)
def bad_tool_name(record: Record) -> Iterator[Finding]:
    """A tool whose name has other characters than providers take, or more than 64."""
    defined = set()
    for tool in tools(record):
        defined.add(tool.name)
        if tool.name and not NAME.fullmatch(tool.name):
            yield tool.finding(f"tool name {tool.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -", "name")
    for call in calls(record):
        if call.name and call.name not in defined and not NAME.fullmatch(call.name):
            said = f"tool name {call.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -"
            yield call.finding(said, "function/name")
