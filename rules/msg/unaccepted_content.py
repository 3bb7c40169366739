from collections.abc import Iterator
from typing import Annotated, Literal

from dslint import Finding, rule
from dslint.shapes import Shape

NAMES = {"text": "a string", "parts": "a list"}


@rule("MSG125", severity="error", help="write the content in the form the target takes")
def unaccepted_content(
    shape: Shape, *, form: Annotated[Literal["", "text", "parts"], "the only form of content taken"] = ""
) -> Iterator[Finding]:
    """Content as a list under a target that takes strings only, or the other way round."""
    for turn in shape.turns:
        kind = "text" if turn.content in ("text", "blank", "empty") else turn.content
        if form and kind in NAMES and kind != form:
            yield shape.finding(f"content is {NAMES[kind]}, the target takes {NAMES[form]}", turn, key="content")
