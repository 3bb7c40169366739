from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.tooldefs import has_tools, tools


def described(shape: Shape, *, required: bool = False) -> bool:
    """Whether the record may have tools that must be described."""
    return required and has_tools(shape)


@rule("TOL123", severity="error", help="say what the tool does", gate=described)
def tool_without_description(
    record: Record, *, required: Annotated[bool, "whether the target wants a description"] = False
) -> Iterator[Finding]:
    """A tool without a description, under a target that wants one."""
    for tool in tools(record) if required else ():
        description = tool.function.get("description")
        if not (isinstance(description, str) and description.strip()):
            yield tool.finding(record, f"tool {tool.name[:40] or '?'!r} has no description")
