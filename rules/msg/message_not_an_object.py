from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG104", severity="error", help="write each message as an object with role and content")
def message_not_an_object(shape: Shape) -> Iterator[Finding]:
    """A message that is no JSON object."""
    for turn in shape.turns:
        if not turn.object:
            kind = "a list" if turn.content == "parts" else turn.content
            yield shape.finding(f"message is {kind}, not an object", turn)
