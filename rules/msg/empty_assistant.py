from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("MSG107", severity="error", help="write the answer, or drop the record")
def empty_assistant(shape: Shape) -> Iterator[Finding]:
    """An assistant turn that says nothing."""
    for turn in shape.turns:
        if turn.trained and turn.content not in ("missing", "null") and turn.says_nothing:
            state = "blank" if turn.content == "blank" else "empty"
            yield shape.finding(f"assistant turn is {state}", turn, key="content")
