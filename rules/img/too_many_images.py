from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.media import IMAGES
from dslint.shapes import Shape


@rule("IMG102", severity="error", help="split the example, or leave images out")
def too_many_images(
    shape: Shape, *, max_images: Annotated[int, "images an example may have"] = 10
) -> Iterator[Finding]:
    """An example with more images than the target takes."""
    count = 0
    for turn in shape.turns:
        for number, part in enumerate(turn.parts):
            count += part.rstrip("!") in IMAGES
            if count == max_images + 1 and part.rstrip("!") in IMAGES:
                total = sum(other.rstrip("!") in IMAGES for each in shape.turns for other in each.parts)
                yield shape.finding(
                    f"example has {total} images, limit {max_images}", turn, key=f"content/{number}"
                )
