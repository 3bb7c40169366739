from collections.abc import Iterator
from itertools import pairwise

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG113", severity="warning", help="join the two turns, or add the one between them")
def repeated_role(shape: Shape) -> Iterator[Finding]:
    """The same side speaks twice in a row."""
    if not shape.sound:
        return
    for before, turn in pairwise(shape.turns):
        if turn.role == before.role and turn.role in ("user", "assistant"):
            yield shape.finding(f"{turn.role} speaks twice in a row", turn, key="role")
