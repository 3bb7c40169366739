from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG112", severity="warning", help="start with the user, after the system prompt")
def first_turn_not_user(shape: Shape) -> Iterator[Finding]:
    """A conversation that the user does not open."""
    opening = next((turn for turn in shape.turns if turn.role not in ("system", "developer")), None)
    if shape.sound and opening is not None and opening.role != "user" and "user" in shape.roles:
        yield shape.finding(f"first turn is {opening.role}, not user", opening, key="role")
