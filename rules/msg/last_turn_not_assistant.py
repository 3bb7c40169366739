from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG111", severity="error", help="end with the answer, or cut what follows it")
def last_turn_not_assistant(shape: Shape) -> Iterator[Finding]:
    """A conversation that goes on after the last answer."""
    if shape.sound and shape.trains == "sft" and "assistant" in shape.roles and shape.roles[-1] != "assistant":
        yield shape.finding(f"last turn is {shape.roles[-1]}, not assistant", shape.turns[-1], key="role")
