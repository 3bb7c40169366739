from collections.abc import Iterator

from dslint import Finding, rule
from dslint.media import IMAGES
from dslint.shapes import ROLES, Shape


@rule("IMG101", severity="error", help="move the image to a user turn")
def image_outside_user(shape: Shape) -> Iterator[Finding]:
    """An image in a turn of another role than user."""
    for turn in shape.turns:
        for number, part in enumerate(turn.parts):
            if part.rstrip("!") in IMAGES and turn.role in ROLES and turn.role != "user":
                yield shape.finding(f"image in the {turn.role} turn", turn, key=f"content/{number}")
