from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.decode import line_faults
from dslint.toolcalls import Call, calls, decoded, encoded_again, has_calls, in_bytes
from dslint.tooluse import used_soundly

SAID = {
    "blank-line": "arguments are empty, not a JSON object",
    "not-an-object": "arguments are JSON, but not an object",
    "truncated-line": "arguments are no JSON: they end too early",
    "duplicate-key": "arguments have a key twice",
}


def _in_text(call: Call, given: str) -> Iterator[Finding]:
    if decoded(given) is not None or encoded_again(call):  # the latter is double-encoded-arguments
        return
    raw = in_bytes(given)
    for fault in line_faults(raw)[:1]:
        said = SAID.get(fault.kind, f"arguments are no JSON: {fault.kind.replace('-', ' ')}")
        start = len(raw[: fault.byte].decode("utf-8", "replace"))
        whole = fault.kind in ("blank-line", "not-an-object", "truncated-line")
        yield call.finding(said, "function/arguments", span=None if whole else (start, start + 1))


@rule(
    "TOL103",
    severity="error",
    help="write a JSON object, {} when there are none",
    gate=has_calls,
    unless=used_soundly,
)
def invalid_arguments(record: Record) -> Iterator[Finding]:
    """Arguments of a tool call that are no JSON object."""
    for call in calls(record):
        given = call.function.get("arguments")
        if isinstance(given, str):
            yield from _in_text(call, given)
        elif given is not None and not isinstance(given, dict):
            yield call.finding("arguments are neither JSON text nor an object", "function/arguments")
