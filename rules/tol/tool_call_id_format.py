from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.patterns import full_match
from dslint.shapes import Shape
from dslint.toolcalls import calls, has_calls


def formed(shape: Shape, *, pattern: str = "") -> bool:
    """Whether the record may have calls whose ids must have a form."""
    return bool(pattern) and has_calls(shape)


@rule("TOL122", severity="error", help="write ids in the form the target takes", gate=formed)
def tool_call_id_format(
    record: Record, *, pattern: Annotated[str, "regular expression of an id, empty for any"] = ""
) -> Iterator[Finding]:
    """An id of a tool call in another form than the target takes."""
    for call in calls(record) if pattern else ():
        if call.id and not full_match(pattern, call.id):
            yield call.finding(f"id {call.id[:30]!r} is not like {pattern[:30]}", "id")
