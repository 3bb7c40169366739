from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.toolcalls import uses_tools


@rule("TOL115", severity="error", help="define the tools this conversation needs", gate=uses_tools)
def too_many_tools(
    record: Record, *, max_tools: Annotated[int, "tools a record may define"] = 128
) -> Iterator[Finding]:
    """More tools than a request may have."""
    if len(record.tools) > max_tools:
        yield record.finding(
            f"record defines {len(record.tools):,} tools, limit {max_tools}", pointer=record.tools_at
        )
