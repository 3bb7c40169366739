from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape


@rule("REC105", severity="error", help="remove the key, or keep it in a file of your own")
def extra_key(
    shape: Shape, *, allowed: Annotated[tuple[str, ...], "keys a record may have; any when there are none"] = ()
) -> Iterator[Finding]:
    """A key beside those that the target reads."""
    if not allowed or shape.layout in ("reinforcement", "unknown", "message"):
        return
    for key in shape.keys:
        if key not in allowed:
            yield shape.finding(f"extra key {key[:40]!r}", at=key)
