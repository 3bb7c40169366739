from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG109", severity="error", help="write the conversation as a list of messages")
def no_messages(shape: Shape) -> Iterator[Finding]:
    """A conversation that is no list, or an empty one."""
    if not shape.turns and shape.trains in ("sft", "reinforcement"):
        yield shape.finding("conversation is not a list of at least one message")
