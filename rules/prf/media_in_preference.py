from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.shapes import MEDIA, MEDIA_KEYS, Shape


@rule("PRF113", severity="error", help="write text only, or drop the pair")
def media_in_preference(
    shape: Shape, *, allowed: Annotated[bool, "whether pairs may hold images, sound or video"] = True
) -> Iterator[Finding]:
    """A preference pair with an image, sound or video."""
    if allowed or shape.trains not in ("preference", "kto"):
        return
    for key in shape.keys:
        if key in MEDIA_KEYS:
            yield shape.finding(f"{key} beside a preference pair", at=key)
    for turn in shape.turns:
        for number, part in enumerate(turn.parts):
            if part.rstrip("!") in MEDIA:
                yield shape.finding(f"{part.rstrip('!')} part in a preference pair", turn, key=f"content/{number}")
