import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from dslint import Finding, Record, rule
from dslint.toolcalls import calls_of_all, has_calls
from dslint.tooluse import used_soundly


def as_text(data: dict[str, Any]) -> dict[str, Any]:
    """The record with arguments that are objects as JSON texts."""
    for call in calls_of_all(Record(data)):
        if call.key != "content" and isinstance(call.function.get("arguments"), dict):
            call.function["arguments"] = json.dumps(call.function["arguments"], ensure_ascii=False)
    return data


def text_as_wanted(record: Record, *, form: str = "string") -> bool:
    """Whether the target takes JSON text, and all arguments are that."""
    return form != "object" and used_soundly(record)


@rule(
    "TOL102",
    severity="error",
    help="write the arguments in the form the target takes",
    gate=has_calls,
    unless=text_as_wanted,
    fix=as_text,
)
def wrong_argument_form(
    record: Record,
    *,
    form: Annotated[
        Literal["string", "object", "either"], "what the target takes: JSON text or an object"
    ] = "string",
) -> Iterator[Finding]:
    """Arguments of a tool call as an object where the target takes JSON text, or the other way round."""
    for call in calls_of_all(record):
        given = call.function.get("arguments")
        if call.key == "content":  # a call that is text itself holds its arguments either way
            continue
        if form == "string" and isinstance(given, dict):
            yield call.finding("arguments are an object, the target takes JSON text", "function/arguments")
        elif form == "object" and isinstance(given, str):
            yield call.finding("arguments are JSON text, the target takes an object", "function/arguments")
