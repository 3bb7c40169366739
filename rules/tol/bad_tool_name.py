from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, has_tools_or_calls
from dslint.tooldefs import names, tools
from dslint.tooluse import NAME, misnamed, used_soundly


@rule(
    "TOL111",
    severity="error",
    help="use 1 to 64 letters, digits, _ and -",
    gate=has_tools_or_calls,
    unless=used_soundly,
)
def bad_tool_name(record: Record) -> Iterator[Finding]:
    """A tool whose name has other characters than providers take, or more than 64."""
    defined = tools(record)
    wrong = misnamed(defined)
    for tool in defined:
        if tool.name in wrong:
            yield tool.finding(record, f"tool name {tool.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -", "name")
    for call in calls(record):
        if call.name and call.name not in names(defined) and not NAME.fullmatch(call.name):
            said = f"tool name {call.name[:40]!r} is not 1 to 64 of A-Z a-z 0-9 _ -"
            yield call.finding(said, "function/name")
