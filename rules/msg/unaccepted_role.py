from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape


@rule("MSG124", severity="error", help="merge the turn into one that is accepted, or drop the record")
def unaccepted_role(
    shape: Shape, *, roles: Annotated[tuple[str, ...], "roles that are accepted; any when there are none"] = ()
) -> Iterator[Finding]:
    """A role that exists, but not for this target."""
    for turn in shape.turns:
        if roles and turn.role in ROLES and turn.role not in roles:
            yield shape.finding(f"role is {turn.role}, accepted are {', '.join(roles)[:60]}", turn, key="role")
