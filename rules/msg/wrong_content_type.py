from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG106", severity="error", help="write content as a string or a list of parts")
def wrong_content_type(shape: Shape) -> Iterator[Finding]:
    """Content that is a number, a boolean or an object."""
    for turn in shape.turns:
        if turn.object and turn.content in ("number", "boolean", "object"):
            yield shape.finding(f"content is {turn.content}, not string or list", turn, key="content")
