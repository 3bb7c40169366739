from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.tooldefs import Tools, tools


def many(tools: Tools, *, max_tools: int = 128) -> bool:
    """Whether the list is too long."""
    return len(tools) > max_tools


@rule("TOL115", severity="error", help="define the tools this conversation needs", gate=many)
def too_many_tools(
    record: Record, *, max_tools: Annotated[int, "tools a record may define"] = 128
) -> Iterator[Finding]:
    """More tools than a request may have."""
    count = len(tools(record))
    if count > max_tools:
        pointer = record.tools_at or ("/functions" if "functions" in record.data else "/tools")
        yield record.finding(f"record defines {count:,} tools, limit {max_tools}", pointer=pointer)
