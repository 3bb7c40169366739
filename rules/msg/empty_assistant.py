from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG107", severity="error", help="write the answer, or drop the record")
def empty_assistant(shape: Shape) -> Iterator[Finding]:
    """An assistant turn that says nothing."""
    for turn in shape.turns:
        if turn.trained and turn.silence:
            yield shape.finding(f"assistant turn is {turn.silence}", turn, key="content")
