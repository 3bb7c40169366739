from collections.abc import Iterator
from typing import Any

from dslint import Finding, Record, rule
from dslint.shapes import Shape


def speaks_of_functions(shape: Shape) -> bool:
    """Whether the record uses what OpenAI had before tools."""
    turns = any("function_call" in turn.keys or turn.role == "function" for turn in shape.turns)
    return turns or "functions" in shape.keys


def with_tools(data: dict[str, Any]) -> dict[str, Any]:
    """The record with functions as tools, and each result under the id of the call before it."""
    functions = data.pop("functions", None)
    if isinstance(functions, list) and "tools" not in data:
        data["tools"] = [{"type": "function", "function": function} for function in functions]
    messages = data.get("messages")
    last = ""
    for place, message in enumerate(messages if isinstance(messages, list) else []):
        if not isinstance(message, dict):
            continue
        call = message.get("function_call")
        if isinstance(call, dict) and "tool_calls" not in message:
            last = f"call_{place}"
            del message["function_call"]
            message["tool_calls"] = [{"id": last, "type": "function", "function": call}]
        elif message.get("role") == "function" and last:
            message["role"], message["tool_call_id"] = "tool", last
            message.pop("name", None)
    return data


@rule("TOL116", help="use tools, tool_calls and the role tool", gate=speaks_of_functions, fix=with_tools)
def legacy_function(record: Record) -> Iterator[Finding]:
    """`functions`, `function_call` or the role `function`, which OpenAI has deprecated."""
    if "functions" in record.data:
        yield record.finding("functions are deprecated, meant are tools", pointer="/functions")
    for message in record.messages:
        if isinstance(message.data.get("function_call"), dict):
            yield message.finding("function_call is deprecated, meant are tool_calls", key="function_call")
        elif message.role == "function":
            yield message.finding("role function is deprecated, meant is tool", key="role")
