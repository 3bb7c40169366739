from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.layouts import by_name
from dslint.shapes import Shape

# Graders read keys of their own; the others have other rules.
FREE = ("reinforcement", "gemini-reinforcement", "unknown", "message")


@rule("REC105", severity="error", help="remove the key, or keep it in a file of your own")
def extra_key(
    shape: Shape, *, allowed: Annotated[tuple[str, ...], "keys a record may have; any when there are none"] = ()
) -> Iterator[Finding]:
    """A key beside those that the target reads."""
    layout = by_name(shape.layout)
    # A layout that the allowed keys cannot spell is the wrong one as a whole.
    if not allowed or shape.layout in FREE or layout is None or not layout.matches(frozenset(allowed)):
        return
    for key in shape.keys:
        if key not in allowed:
            yield shape.finding(f"extra key {key[:40]!r}", at=key)
