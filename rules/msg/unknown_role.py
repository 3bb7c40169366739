from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import ALIASES, ROLES, Shape


@rule("MSG102", severity="error", help="use system, developer, user, assistant, tool or function")
def unknown_role(shape: Shape) -> Iterator[Finding]:
    """A role that no consumer knows."""
    for turn in shape.turns:
        if turn.role is not None and turn.role not in ROLES and turn.role.strip().lower() not in ALIASES:
            yield shape.finding(f"role is {turn.role[:30]!r}", turn, key="role")
