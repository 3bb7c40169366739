from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.tooldefs import Tool, Tools, tools


def repeated(tools: Tools) -> list[Tool]:
    """The tools whose name an earlier one has."""
    first = {tool.name: tool for tool in reversed(tools)}
    return [tool for tool in tools if tool.name and tool is not first[tool.name]]


@rule("TOL114", severity="error", help="define every tool once", gate=repeated)
def duplicate_tool_name(record: Record) -> Iterator[Finding]:
    """Two tools of one record with the same name."""
    for tool in repeated(tools(record)):
        yield tool.finding(record, f"tool {tool.name[:40]!r} is defined before", "name")
