from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG114", severity="warning", help="move the system prompt to the front")
def late_system(shape: Shape) -> Iterator[Finding]:
    """A system turn after the conversation has begun."""
    started = False
    for turn in shape.turns:
        if turn.role in ("system", "developer"):
            if started:
                yield shape.finding(f"{turn.role} turn after the conversation has begun", turn, key="role")
        else:
            started = True
