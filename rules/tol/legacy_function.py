from collections.abc import Iterator
from typing import Any, cast

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.toolcalls import calls
from dslint.tooldefs import OPENAI


def speaks_of_functions(shape: Shape) -> bool:
    """Whether the record uses what OpenAI had before tools."""
    turns = any("function_call" in turn.keys or turn.role == "function" for turn in shape.turns)
    return shape.layout in OPENAI and (turns or "functions" in shape.keys)


def _replaced(holder: dict[str, Any], old: str, new: str, value: Any) -> dict[str, Any]:
    """The object with one key under a new name and with a new value, in its old place."""
    kept = {key: inner for key, inner in holder.items() if key != new}
    return {new if key == old else key: value if key == old else inner for key, inner in kept.items()}


def _tool(function: Any) -> dict[str, Any]:
    """The definition as a tool; one that is half a tool already is not put into another."""
    if isinstance(function, dict) and "function" in function:
        return {**function, "type": "function"}
    return {"type": "function", "function": function}


def with_tools(data: dict[str, Any]) -> dict[str, Any]:
    """The record with functions as tools, and each result under the id of the call before it."""
    record, name = Record(data), ""
    if record.layout.name not in OPENAI:
        return data
    taken = {call.id for call in calls(record)}
    for turn in record.messages:
        message = cast(dict[str, Any], turn.data)
        function = message.get("function_call")
        if isinstance(function, dict) and function and not message.get("tool_calls"):
            name = f"call_{turn.index}"
            while name in taken:
                name += "_"
            call = {"id": name, "type": "function", "function": function}
            replaced = _replaced(message, "function_call", "tool_calls", [call])
            message.clear()
            message.update(replaced)
        elif turn.role == "function" and name:
            message["role"], message["tool_call_id"] = "tool", name
            message.pop("name", None)
    functions = data.get("functions")
    if not isinstance(functions, list) or not functions or data.get("tools"):
        return data
    tools = [_tool(function) for function in functions]
    return _replaced(data, "functions", "tools", tools)


@rule("TOL116", help="use tools, tool_calls and the role tool", gate=speaks_of_functions, fix=with_tools)
def legacy_function(record: Record) -> Iterator[Finding]:
    """`functions`, `function_call` or the role `function`, which OpenAI has deprecated."""
    if record.layout.name not in OPENAI:
        return
    if record.data.get("functions"):
        yield record.finding("functions are deprecated, tools came after them", pointer="/functions")
        return
    for message in record.messages:
        if message.data.get("function_call"):
            yield message.finding("function_call is deprecated, tool_calls came after it", key="function_call")
            return
        if message.role == "function":
            yield message.finding("role function is deprecated, tool came after it", key="role")
            return
