from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import has_tools, tools


@rule("TOL114", severity="error", help="define every tool once", gate=has_tools)
def duplicate_tool_name(record: Record) -> Iterator[Finding]:
    """Two tools of one record with the same name."""
    seen: set[str] = set()
    for tool in tools(record):
        if tool.name and tool.name in seen:
            yield tool.finding(f"tool {tool.name[:40]!r} is defined before", "name")
        seen.add(tool.name)
