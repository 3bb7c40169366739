from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.media import shows_images
from dslint.shapes import Shape


def by_image(shape: Shape) -> Iterator[str]:
    """One key for examples with images."""
    if shows_images(shape):
        yield "images"


@rule("IMG110", severity="error", help="leave examples out", count_by=by_image)
def too_many_image_examples(
    tally: Tally, *, max_examples: Annotated[int | None, "examples with images, none for no limit"] = None
) -> Iterator[Finding]:
    """A file with more examples that show images than the target takes."""
    count, _ = tally.counts.get("images", (0, 0))
    if max_examples is not None and count > max_examples:
        yield tally.finding(f"{count:,} examples have images, limit {max_examples:,}")
