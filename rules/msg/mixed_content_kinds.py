from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape

TEXT = ("text", "blank", "empty")


@rule("MSG123", severity="error", help="write all contents of the conversation as strings, or all as lists")
def mixed_content_kinds(
    shape: Shape, *, allowed: Annotated[bool, "whether one conversation may have both"] = True
) -> Iterator[Finding]:
    """A conversation with contents as strings and as lists, under a target that takes one of them."""
    lists = [turn for turn in shape.turns if turn.content == "parts"]
    if not allowed and lists and any(turn.content in TEXT for turn in shape.turns):
        yield shape.finding("content is a list here and a string in other messages", lists[0], key="content")
