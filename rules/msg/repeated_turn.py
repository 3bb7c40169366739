from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.shapes import Shape

SPEAKERS = ("user", "assistant")


def is_long(shape: Shape) -> bool:
    """Whether one side speaks more than once."""
    return len(shape.turns) > 2 and any(shape.roles.count(role) > 1 for role in SPEAKERS)


@rule("MSG130", severity="info", preview=True, help="cut the repetition", gate=is_long)
def repeated_turn(
    record: Record, *, min_chars: Annotated[int, "shorter turns may well repeat"] = 40
) -> Iterator[Finding]:
    """The same side says the same twice in one conversation."""
    said: dict[tuple[str, str], int] = {}
    for message in record.messages:
        text = message.text.strip()
        if message.role in SPEAKERS and len(text) >= min_chars and not message.tool_calls:
            first = said.setdefault((message.role, text), message.index)
            if first != message.index:
                before = message.index - first
                yield message.finding(f"{message.role} says the same as {before} turns before")
