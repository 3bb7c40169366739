from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape

# Keys each of which holds a conversation, a text or a prompt by itself.
ROOTS = ("messages", "conversations", "conversation", "contents", "interactions", "text", "prompt")


@rule("REC104", help="keep the keys of the layout that is meant")
def ambiguous_layout(shape: Shape) -> Iterator[Finding]:
    """A record with the keys of two layouts, of which each consumer picks its own."""
    found = [key for key in ROOTS if key in shape.keys]
    if "instruction" in shape.keys and "output" in shape.keys and found[:1] != ["text"]:
        found.append("instruction")  # Alpaca's own `text` repeats its other keys
    if len(found) > 1 and shape.layout not in ("unknown", "message"):
        yield shape.finding(f"keys of two layouts: {found[0]!r} and {found[1]!r}", at=found[1])
