from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.toolcalls import calls, has_tools_or_calls
from dslint.tooldefs import tools


def unwanted(shape: Shape, *, supported: bool = True) -> bool:
    """Whether the record may have tools that the target does not take."""
    return not supported and has_tools_or_calls(shape)


@rule("TOL120", severity="error", help="leave the tools out for this target", gate=unwanted)
def unsupported_tools(
    record: Record, *, supported: Annotated[bool, "whether the target takes tools"] = True
) -> Iterator[Finding]:
    """Tools in a record for a target that takes none."""
    if supported:
        return
    for tool in tools(record)[:1]:
        pointer = tool.pointer.rpartition("/")[0]
        yield record.finding("record defines tools, the target takes none", pointer=pointer)
    for call in () if tools(record) else calls(record)[:1]:
        yield call.finding("turn calls a tool, the target takes none")
