from collections.abc import Iterator
from itertools import takewhile

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG115", severity="warning", help="join them into one")
def several_systems(shape: Shape) -> Iterator[Finding]:
    """More than one system turn before the conversation begins."""
    opening = list(takewhile(lambda turn: turn.role in ("system", "developer"), shape.turns))
    if len(opening) > 1:
        yield shape.finding(f"conversation opens with {len(opening)} system turns", opening[1], key="role")
