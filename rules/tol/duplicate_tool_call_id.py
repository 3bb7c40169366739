from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, has_calls
from dslint.tooluse import used_soundly


@rule("TOL110", severity="error", help="give every call an id of its own", gate=has_calls, unless=used_soundly)
def duplicate_tool_call_id(record: Record) -> Iterator[Finding]:
    """Two calls of one conversation with the same id."""
    seen: set[str] = set()
    for call in calls(record):
        if call.id and call.id in seen:
            yield call.finding(f"id {call.id[:40]!r} is that of an earlier call", "id")
        seen.add(call.id)
