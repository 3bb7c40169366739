from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.toolcalls import calls_of


def says_so(shape: Shape) -> bool:
    """Whether the record may say something about parallel calls."""
    return "parallel_tool_calls" in shape.keys or "input" in shape.keys


@rule("TOL118", severity="error", help="call one tool at a time, or allow parallel calls", gate=says_so)
def forbidden_parallel_calls(record: Record) -> Iterator[Finding]:
    """Several calls in one turn though `parallel_tool_calls` is false, or is no boolean."""
    allowed, pointer = record.data.get("parallel_tool_calls"), "/parallel_tool_calls"
    asked = record.data.get("input")
    if allowed is None and isinstance(asked, dict):
        allowed, pointer = asked.get("parallel_tool_calls"), "/input/parallel_tool_calls"
    if allowed is not None and not isinstance(allowed, bool):
        yield record.finding("parallel_tool_calls is not true or false", pointer=pointer)
    elif allowed is False:
        for message in record.messages:
            count = sum(1 for _ in calls_of(message))
            if count > 1:
                yield message.finding(f"{count} calls at once, but parallel_tool_calls is false", key="tool_calls")
