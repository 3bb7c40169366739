from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import Call, calls, uses_tools


def _faults(call: Call) -> Iterator[tuple[str, str]]:
    data = call.data
    if not isinstance(data, dict):
        yield "tool call is not an object", ""
        return
    if not call.id:
        yield "tool call has no id" if "id" not in data else "id is not a string", "id" if "id" in data else ""
    if data.get("type", "function") != "function" or "type" not in data:
        yield "tool call has no type 'function'", "type" if "type" in data else ""
    if not isinstance(data.get("function"), dict):
        yield "tool call has no function", "function" if "function" in data else ""
        return
    if not call.name:
        yield "tool call names no function", "function"
    if "arguments" not in call.function:
        yield "tool call has no arguments", "function"


@rule("TOL101", severity="error", help="write id, type, function.name and function.arguments", gate=uses_tools)
def malformed_tool_call(record: Record) -> Iterator[Finding]:
    """A tool call without id, type, function, name or arguments."""
    for call in calls(record):
        for said, key in _faults(call):
            yield call.finding(said, key)
    for message in record.messages:
        found = message.data.get("tool_calls")
        if found is not None and not isinstance(found, list):
            yield message.finding("tool_calls is not a list", key="tool_calls")
