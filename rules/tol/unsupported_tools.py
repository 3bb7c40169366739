from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, uses_tools


@rule("TOL120", severity="error", help="leave the tools out for this target", gate=uses_tools)
def unsupported_tools(
    record: Record, *, supported: Annotated[bool, "whether the target takes tools"] = True
) -> Iterator[Finding]:
    """Tools in a record for a target that takes none."""
    call = next(calls(record), None)
    if supported:
        return
    if record.tools:
        yield record.finding("record defines tools, the target takes none", pointer=record.tools_at)
    elif call is not None:
        yield call.finding("turn calls a tool, the target takes none")
