from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_in_parts, uses_tools

NAMED = ("chat", "preference", "reinforcement", "mistral")  # layouts whose results name the call they answer


@rule("TOL108", severity="error", help="add the id of the call it answers", gate=uses_tools)
def missing_tool_call_id(record: Record) -> Iterator[Finding]:
    """A tool result that does not say which call it answers."""
    if record.layout.name not in NAMED or calls_in_parts(record):
        return
    for message in record.messages:
        answered = message.data.get("tool_call_id")
        if message.role == "tool" and not (isinstance(answered, str) and answered):
            yield message.finding("tool result has no tool_call_id", key="tool_call_id" if answered else "")
