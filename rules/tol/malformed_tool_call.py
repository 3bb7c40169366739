from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.toolcalls import Call, calls_of_all, has_calls
from dslint.tooluse import used_soundly


def _missing(call: Call, required: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What a call lacks, and the key concerned, "" where there is none."""
    for key in required if call.listed else ():
        given = call.data.get(key)
        if not (isinstance(given, str) and given):
            said = f"{key} of a tool call is not text" if given else f"tool call has no {key}"
            yield said, key if key in call.data else ""
        elif key == "type" and given != "function":
            yield f"type of a tool call is {given[:20]!r}, not 'function'", key
    function = call.data.get("function")
    if not isinstance(function, dict):
        yield "tool call has no function" if call.listed else "call is no JSON object", ""
        return
    if not call.name:
        yield "tool call names no function", "function/name" if "name" in function else "function"
    if function.get("arguments") is None:
        yield "tool call has no arguments", "function/arguments" if "arguments" in function else "function"


def whole(record: Record, *, required: tuple[str, ...] = ("id", "type")) -> bool:
    """Whether the calls of the record have all they need."""
    return {"id", "type"}.issuperset(required) and used_soundly(record)


@rule(
    "TOL101",
    severity="error",
    help="write id, type, function.name and function.arguments",
    gate=has_calls,
    unless=whole,
)
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
