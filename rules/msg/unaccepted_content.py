from collections.abc import Iterator
from typing import Annotated, Literal

from dslint import Finding, Message, Record, rule
from dslint.shapes import Shape


def may_differ(shape: Shape) -> bool:
    """Whether contents are lists, or stand in the layout in which a list of one text reads like a string."""
    return shape.layout == "bedrock" or any(turn.content == "parts" for turn in shape.turns)


@rule("MSG125", severity="error", help="write the content in the form that is read", gate=may_differ)
def unaccepted_content(
    record: Record,
    *,
    form: Annotated[Literal["", "text", "parts"], "strings only; or, of Bedrock messages, lists only"] = "",
) -> Iterator[Finding]:
    """Content that is a list where the target reads strings, or a string where it reads lists."""
    for message in record.messages if form else ():
        content = _as_it_stands(message)
        if form == "text" and isinstance(content, list):
            yield message.finding("content is a list, not a string")
        elif form == "parts" and isinstance(content, str) and record.layout.name == "bedrock":
            yield message.finding("content is a string, not a list")


def _as_it_stands(message: Message) -> object:
    """The content in the file: the Bedrock layout reads a list of one text as a string."""
    pointer = message.record.pointer(message.index, "content")
    tokens = pointer.split("/")[1:]
    if tokens[:1] == ["messages"] and len(tokens) > 3:
        return message.record.data["messages"][int(tokens[1])]["content"]
    return message.data.get("content") if tokens[:1] != ["system"] else None
