from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import Call, calls, has_calls
from dslint.tooluse import used_soundly


@rule("TOL109", help="add the result, or remove the call", gate=has_calls, unless=used_soundly)
def unanswered_tool_call(record: Record) -> Iterator[Finding]:
    """A tool call without a result before the conversation goes on; calls at its end are fine."""
    made: dict[int, list[Call]] = {}
    for call in calls(record):
        if call.function:
            made.setdefault(call.message.index, []).append(call)
    waiting: list[Call] = []
    for message in record.messages:
        if message.role in ("tool", "function"):
            answered = message.data.get("tool_call_id")
            named = [call for call in waiting if call.id == answered]
            for call in named or waiting[:1]:  # a result without a known id answers the first call
                waiting.remove(call)
            continue
        for call in waiting:
            turn = f"{message.role} turn" if message.role else "turn"
            yield call.finding(f"call of {call.name[:30] or 'a tool'!r} has no result before the next {turn[:20]}")
        waiting = made.get(message.index, [])
