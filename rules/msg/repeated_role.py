from collections.abc import Iterator
from itertools import pairwise

from dslint import Finding, rule
from dslint.shapes import Shape, Turn


def _judged(shape: Shape) -> tuple[Turn, ...]:
    """The turns whose order tells something: of a prompt with answers beside it, up to the user's last one.

    Where the assistant ends the prompt, an answer continues it, or rules over pairs say so.
    """
    if shape.layout != "preference" or not {"input", "prompt"} & set(shape.keys) or "user" not in shape.roles:
        return shape.turns
    return shape.turns[: len(shape.turns) - shape.roles[::-1].index("user")]


@rule("MSG113", severity="warning", help="join the two turns, or add the one between them")
def repeated_role(shape: Shape) -> Iterator[Finding]:
    """The same side speaks twice in a row."""
    if not shape.sound:
        return
    for before, turn in pairwise(_judged(shape)):
        if turn.role == before.role and turn.role in ("user", "assistant"):
            yield shape.finding(f"{turn.role} speaks twice in a row", turn, key="role")
