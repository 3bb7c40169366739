from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape

# What a shape has in place of a role that is no string.
NO_STRING = frozenset(("<null>", "<number>", "<boolean>", "<parts>", "<object>"))


@rule("MSG102", severity="error", help="use system, developer, user, assistant, tool or function")
def unknown_role(shape: Shape) -> Iterator[Finding]:
    """A role that no consumer knows."""
    for turn in shape.turns:
        if turn.role is not None and turn.role not in ROLES:
            state = "not a string" if turn.role in NO_STRING else f"{turn.role[:30]!r}"
            yield shape.finding(f"role is {state}", turn, key="role")
