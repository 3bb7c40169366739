from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import PARTS, Shape

# What other trainers call theirs; they need no key of a fixed name.
OTHERS = frozenset(
    ("image", "audio", "video", "video_url", "tool_use", "tool_call", "tool_result", "reasoning", "thinking")
)


@rule("MSG119", severity="error", help="write each part as an object with a type and what that type needs")
def malformed_part(shape: Shape) -> Iterator[Finding]:
    """A content part that is no object, has no known type, or lacks what its type needs."""
    for turn in shape.turns:
        for number, part in enumerate(turn.parts):
            key = f"content/{number}"
            if part == "<untyped>":
                yield shape.finding("content part has no type", turn, key=key)
            elif part.startswith("<"):
                kind = "a list" if part == "<parts>" else part[1:-1]
                yield shape.finding(f"content part is {kind}, not an object", turn, key=key)
            elif part.endswith("!"):
                yield shape.finding(f"{part[:-1]} part has no {PARTS[part[:-1]]}", turn, key=key)
            elif part not in PARTS and part not in OTHERS:
                yield shape.finding(f"content part has unknown type {part[:30]!r}", turn, key=f"{key}/type")
