from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape


@rule("MSG124", severity="error", help="use a role that the target takes")
def unaccepted_role(
    shape: Shape, *, roles: Annotated[tuple[str, ...], "roles the target takes, empty for all"] = ()
) -> Iterator[Finding]:
    """A role of OpenAI's format that the target does not take."""
    for turn in shape.turns:
        if roles and turn.role in ROLES and turn.role not in roles:
            yield shape.finding(f"role {turn.role} is not one of {', '.join(roles)}", turn, key="role")
