from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, has_calls
from dslint.tooldefs import names, tools
from dslint.tooluse import used_soundly


@rule(
    "TOL106",
    severity="error",
    help="define the tool, or correct the name of the call",
    gate=has_calls,
    unless=used_soundly,
)
def undeclared_tool(record: Record) -> Iterator[Finding]:
    """A call of a tool that the record does not define, though it defines others."""
    known = names(tools(record))
    for call in calls(record):
        if known and call.name and call.name not in known:
            yield call.finding(f"tool {call.name[:40]!r} is not defined", "function/name")
