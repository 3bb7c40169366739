from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape

STRING = ("text", "blank", "empty")


@rule(
    "MSG123", severity="error", help="write all contents of the conversation as strings, or all as lists of parts"
)
def mixed_content_kinds(
    shape: Shape, *, allowed: Annotated[bool, "whether strings and lists may stand in one conversation"] = True
) -> Iterator[Finding]:
    """Contents of one conversation that are strings in some messages and lists in others."""
    kinds = [(turn, turn.content == "parts") for turn in shape.turns if turn.content in (*STRING, "parts")]
    if not allowed and kinds:
        odd = next((turn for turn, is_list in kinds if is_list != kinds[0][1]), None)
        if odd is not None:
            this, other = ("list", "string") if odd.content == "parts" else ("string", "list")
            yield shape.finding(f"content is a {this}, before it a {other}", odd, key="content")
