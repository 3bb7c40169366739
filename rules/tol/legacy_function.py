from collections.abc import Iterator
from typing import Any, cast

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.toolcalls import OPENAI


def speaks_of_functions(shape: Shape) -> bool:
    """Whether the record uses what OpenAI had before tools."""
    turns = any("function_call" in turn.keys or turn.role == "function" for turn in shape.turns)
    return shape.layout in OPENAI and (turns or "functions" in shape.keys)


def _called(message: dict[str, Any], name: str) -> dict[str, Any]:
    """The message with its function call as a tool call of that id, in the same place."""
    calls = [{"id": name, "type": "function", "function": message["function_call"]}]
    kept = {key: value for key, value in message.items() if key != "tool_calls"}
    return {
        "tool_calls" if key == "function_call" else key: calls if key == "function_call" else value
        for key, value in kept.items()
    }


def with_tools(data: dict[str, Any]) -> dict[str, Any]:
    """The record with functions as tools, and each result under the id of the call before it."""
    name = ""
    for turn in Record(data).messages:
        message = cast(dict[str, Any], turn.data)
        if isinstance(message.get("function_call"), dict) and not message.get("tool_calls"):
            name = f"call_{turn.index}"
            renamed = _called(message, name)
            message.clear()
            message.update(renamed)
        elif turn.role == "function" and name:
            message["role"], message["tool_call_id"] = "tool", name
            message.pop("name", None)
    functions = data.get("functions")
    if not isinstance(functions, list) or data.get("tools"):
        return data
    tools = [{"type": "function", "function": function} for function in functions]
    kept = {key: value for key, value in data.items() if key != "tools"}
    return {"tools" if key == "functions" else key: tools if key == "functions" else kept[key] for key in kept}


@rule("TOL116", help="use tools, tool_calls and the role tool", gate=speaks_of_functions, fix=with_tools)
def legacy_function(record: Record) -> Iterator[Finding]:
    """`functions`, `function_call` or the role `function`, which OpenAI has deprecated."""
    if "functions" in record.data:
        yield record.finding("functions are deprecated, tools came after them", pointer="/functions")
        return
    for message in record.messages:
        if message.data.get("function_call") is not None:
            yield message.finding("function_call is deprecated, tool_calls came after it", key="function_call")
            return
        if message.role == "function":
            yield message.finding("role function is deprecated, tool came after it", key="role")
            return
