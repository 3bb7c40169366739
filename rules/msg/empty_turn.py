from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape


@rule("MSG108", severity="warning", help="write the turn, or remove it")
def empty_turn(shape: Shape) -> Iterator[Finding]:
    """A turn that says nothing and that nothing is learned from."""
    for turn in shape.turns:
        if turn.role in ROLES and turn.role not in ("tool", "function") and turn.silence and not turn.trained:
            yield shape.finding(f"{turn.role} turn is {turn.silence}", turn, key="content")
