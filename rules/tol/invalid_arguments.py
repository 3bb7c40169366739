import json
from collections.abc import Iterator
from typing import Any

from dslint import Finding, Record, rule
from dslint.toolcalls import calls, decoded, encoded_again, uses_tools


def _fault(given: Any) -> str:
    if isinstance(given, str):
        value = decoded(given)
        if isinstance(value, dict):
            return ""
        try:
            json.loads(given)
        except (ValueError, RecursionError) as error:
            return f"arguments are no JSON: {str(error)[:50]}" if given.strip() else "arguments are empty"
        return f"arguments are JSON, but not an object: {given[:30]}"
    return "" if given is None or isinstance(given, dict) else "arguments are neither text nor an object"


@rule("TOL103", severity="error", help="write a JSON object, {} when there is none", gate=uses_tools)
def invalid_arguments(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that are no JSON object."""
    for call in calls(record):
        said = _fault(call.function.get("arguments"))
        if said and not encoded_again(call):  # which is double-encoded-arguments
            yield call.finding(said, "function/arguments")
