from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import ROLES, Shape


@rule("MSG117", severity="error", help="remove the weight: only assistant turns have one")
def weight_on_wrong_role(shape: Shape) -> Iterator[Finding]:
    """A weight on a turn that is never trained on."""
    for turn in shape.turns:
        if turn.weight and turn.role in ROLES and turn.role != "assistant":
            yield shape.finding(f"weight on a {turn.role} turn", turn, key="weight")
