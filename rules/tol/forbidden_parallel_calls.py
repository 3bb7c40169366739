from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_of, uses_tools


@rule("TOL118", severity="error", help="call one tool at a time, or allow parallel calls", gate=uses_tools)
def forbidden_parallel_calls(record: Record) -> Iterator[Finding]:
    """Several calls in one turn though `parallel_tool_calls` is false, or is no boolean."""
    given = record.data.get("parallel_tool_calls", True)
    if not isinstance(given, bool):
        yield record.finding("parallel_tool_calls is not true or false", pointer="/parallel_tool_calls")
    elif not given:
        for message in record.messages:
            count = sum(1 for _ in calls_of(message))
            if count > 1:
                yield message.finding(f"{count} calls at once, but parallel_tool_calls is false", key="tool_calls")
