from collections.abc import Iterator
from typing import Any

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, encoded_again, has_calls
from dslint.tooluse import used_soundly


def once(data: dict[str, Any]) -> dict[str, Any]:
    """The record with arguments encoded once."""
    for call in calls(Record(data)):
        text = encoded_again(call)
        if text and call.key != "content":
            call.function["arguments"] = text
    return data


@rule("TOL104", severity="error", help="encode the arguments once", gate=has_calls, unless=used_soundly, fix=once)
def double_encoded_arguments(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that are a JSON string with the JSON object inside."""
    for call in calls(record):
        if encoded_again(call):
            yield call.finding("arguments are JSON text inside of JSON text", "function/arguments")
