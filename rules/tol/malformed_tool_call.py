from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.toolcalls import Call, calls_of_all, uses_tools


def _missing(call: Call, required: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a call lacks, and the key that holds something else instead."""
    for key in required if call.listed else ():
        given = call.data.get(key)
        if not (isinstance(given, str) and given):
            yield f"tool call has no {key}" if given is None else f"{key} of a tool call is not text", key
        elif key == "type" and given != "function":
            yield f"type of a tool call is {given[:20]!r}, not 'function'", key
    if not isinstance(call.data.get("function"), dict):
        yield "tool call has no function" if call.listed else "call is no JSON object", "function"
        return
    if not call.name:
        yield "tool call names no function", "function/name"
    if call.function.get("arguments") is None:
        yield "tool call has no arguments", "function/arguments"


@rule("TOL101", severity="error", help="write id, type, function.name and function.arguments", gate=uses_tools)
def malformed_tool_call(
    record: Record,
    *,
    required: Annotated[tuple[str, ...], "keys a tool call needs beside its function"] = ("id", "type"),
) -> Iterator[Finding]:
    """A tool call without id, type, function, name or arguments."""
    for call in calls_of_all(record):
        if not isinstance(call.data, dict):
            yield call.finding("tool call is not an object")
            continue
        for said, key in _missing(call, required):
            yield call.finding(said, key)
    for message in (*record.messages, *record.beside):
        found = message.data.get("tool_calls")
        if found and not isinstance(found, list):
            yield message.finding("tool_calls is not a list", key="tool_calls")
