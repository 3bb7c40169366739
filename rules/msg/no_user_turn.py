from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG120", severity="warning", help="add the question")
def no_user_turn(shape: Shape) -> Iterator[Finding]:
    """A conversation in which the user never speaks."""
    if shape.sound and "assistant" in shape.roles and "user" not in shape.roles:
        yield shape.finding("no user turn in the conversation")
