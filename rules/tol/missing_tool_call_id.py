from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_in_parts, has_results
from dslint.tooldefs import OPENAI
from dslint.tooluse import used_soundly


@rule("TOL108", severity="error", help="add the id of the call it answers", gate=has_results, unless=used_soundly)
def missing_tool_call_id(record: Record) -> Iterator[Finding]:
    """A tool result that does not say which call it answers."""
    for message in record.messages if record.layout.name in OPENAI else ():
        answered = message.data.get("tool_call_id")
        unnamed = message.role == "tool" and not (isinstance(answered, str) and answered)
        if unnamed and not calls_in_parts(record):
            said = "tool result has no tool_call_id" if not answered else "tool_call_id is not text"
            yield message.finding(said, key="tool_call_id" if "tool_call_id" in message.data else "")
