from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG101", severity="error", help="give the message a role")
def missing_role(shape: Shape) -> Iterator[Finding]:
    """A message without a role."""
    for turn in shape.turns:
        if turn.object and turn.role is None:
            yield shape.finding("message has no role", turn)
