from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, tools, uses_tools


@rule("TOL120", severity="error", help="leave the tools out for this target", gate=uses_tools)
def unsupported_tools(
    record: Record, *, supported: Annotated[bool, "whether the target takes tools"] = True
) -> Iterator[Finding]:
    """Tools in a record for a target that takes none."""
    if supported:
        return
    tool, call = next(tools(record), None), next(calls(record), None)
    if tool is not None:
        yield record.finding("record defines tools, the target takes none", pointer=tool.pointer.rpartition("/")[0])
    elif call is not None:
        yield call.finding("turn calls a tool, the target takes none")
