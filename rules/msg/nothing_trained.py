from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG118", severity="error", help="give one assistant turn weight 1, or drop the record")
def nothing_trained(shape: Shape) -> Iterator[Finding]:
    """Every assistant turn has weight 0, so nothing is learned."""
    answers = [turn for turn in shape.turns if turn.role == "assistant"]
    if answers and not any(turn.trained for turn in answers):
        yield shape.finding("every assistant turn has weight 0", answers[-1], key="weight")
