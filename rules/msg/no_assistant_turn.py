from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG110", severity="error", help="add the answer, or drop the record")
def no_assistant_turn(shape: Shape) -> Iterator[Finding]:
    """A conversation in which the assistant never speaks."""
    if shape.sound and shape.trains == "sft" and "assistant" not in shape.roles:
        yield shape.finding("no assistant turn in the conversation")
