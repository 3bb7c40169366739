from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_in_parts, calls_of, has_results


@rule("TOL107", severity="error", help="give the result the id of the call it answers", gate=has_results)
def orphan_tool_result(record: Record) -> Iterator[Finding]:
    """A tool result whose id is that of no earlier call."""
    asked: set[str] = set()
    if calls_in_parts(record):
        return
    for message in record.messages:
        asked |= {call.id for call in calls_of(message)}
        answered = message.data.get("tool_call_id")
        if message.role == "tool" and isinstance(answered, str) and answered and answered not in asked:
            yield message.finding(f"no earlier call has the id {answered[:40]!r}", key="tool_call_id")
