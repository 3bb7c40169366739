from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.tooldefs import Tool, Tools, tools


def _fault(tool: Tool) -> tuple[str, str]:
    """What is wrong with a tool, and the key of its function that is concerned."""
    if not isinstance(tool.data, dict):
        return "tool is not an object", ""
    if not tool.bare and not isinstance(tool.data.get("function"), dict):
        return "tool has no function", ""
    if not tool.bare and tool.data.get("type") != "function":
        return "tool has no type 'function'", ""
    if not tool.name:
        return "tool has no name", "name" if "name" in tool.function else ""
    if not isinstance(tool.function.get("description") or "", str):
        return "description is not text", "description"
    if not isinstance(tool.parameters, (dict, type(None))):
        return "parameters are not an object", "parameters"
    return "", ""


def malformed(tools: Tools) -> list[tuple[Tool, str, str]]:
    """The tools of a list that are malformed, each with what is wrong."""
    judged = ((tool, *_fault(tool)) for tool in tools)
    return [(tool, said, key) for tool, said, key in judged if said]


@rule("TOL112", severity="error", help="write type, function.name and a JSON Schema as parameters", gate=malformed)
def malformed_tool(record: Record) -> Iterator[Finding]:
    """A tool definition without type, function or name, or whose parameters are no object."""
    for tool, said, key in malformed(tools(record)):
        yield tool.finding(record, said, key)
