from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG116", severity="error", help="write 0 or 1")
def weight_out_of_range(shape: Shape) -> Iterator[Finding]:
    """A message weight other than 0 and 1."""
    for turn in shape.turns:
        if turn.weight not in ("", "0", "1", "0.0", "1.0"):
            yield shape.finding(f"weight is {turn.weight.strip('<>')}, not 0 or 1", turn, key="weight")
