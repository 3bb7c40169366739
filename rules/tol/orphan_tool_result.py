from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, calls_in_parts, has_results
from dslint.tooluse import used_soundly


@rule(
    "TOL107",
    severity="error",
    help="give the result the id of the call it answers",
    gate=has_results,
    unless=used_soundly,
)
def orphan_tool_result(record: Record) -> Iterator[Finding]:
    """A tool result whose id is that of no earlier call."""
    asked: dict[str, int] = {}
    for call in calls(record):
        asked.setdefault(call.id, call.message.index)
    for message in record.messages:
        answered = message.data.get("tool_call_id")
        if message.role != "tool" or not isinstance(answered, str) or not answered:
            continue
        if asked.get(answered, message.index) >= message.index and not calls_in_parts(record):
            yield message.finding(f"no earlier call has the id {answered[:40]!r}", key="tool_call_id")
