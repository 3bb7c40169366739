from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.shapes import Shape
from dslint.toolcalls import calls_of, has_calls


def apart(shape: Shape, *, allowed: bool = True) -> bool:
    """Whether the record may have calls, and text must not stand beside them."""
    return not allowed and has_calls(shape)


@rule("TOL121", severity="error", help="move the text into a turn of its own", gate=apart)
def content_beside_tool_call(
    record: Record, *, allowed: Annotated[bool, "whether the target takes both in one turn"] = True
) -> Iterator[Finding]:
    """A turn with text and tool calls, under a target that takes one of them."""
    for message in () if allowed else record.messages:
        if message.text.strip() and any(calls_of(message)):
            yield message.finding("turn has text and tool calls")
