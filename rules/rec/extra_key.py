from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import Shape

FREE = ("reinforcement", "kto", "")  # graders read keys of their own


@rule("REC105", severity="error", help="remove the key: the target takes no other")
def extra_key(
    shape: Shape, *, allowed: Annotated[tuple[str, ...], "top-level keys the target takes, empty for all"] = ()
) -> Iterator[Finding]:
    """A top-level key that the target does not take."""
    for key in shape.keys:
        if allowed and key not in allowed and shape.trains not in FREE:
            yield shape.finding(f"record has an extra key {key[:30]!r}", at=key)
