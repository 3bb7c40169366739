from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.tooldefs import Tool, Tools, text_at, tools


def undescribed(tools: Tools, *, required: bool = False) -> list[Tool]:
    """The tools without a description, where the target wants one."""
    return [tool for tool in tools if not _description(tool)] if required else []


def _description(tool: Tool) -> str:
    return text_at(tool.function, "description").strip()


@rule("TOL123", severity="error", help="say what the tool does", gate=undescribed)
def tool_without_description(
    record: Record, *, required: Annotated[bool, "whether the target wants a description"] = False
) -> Iterator[Finding]:
    """A tool without a description, under a target that wants one."""
    for tool in undescribed(tools(record), required=required):
        yield tool.finding(record, f"tool {tool.name[:40] or '?'!r} has no description")
