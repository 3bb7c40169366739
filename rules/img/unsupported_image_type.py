from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.media import declared, pictures, shows_images


@rule("IMG106", severity="error", help="convert the image", gate=shows_images)
def unsupported_image_type(
    record: Record, *, types: Annotated[tuple[str, ...], "image types taken"] = ("jpeg", "png", "webp")
) -> Iterator[Finding]:
    """A data URL of an image type that the target does not take."""
    for picture in pictures(record):
        kind = declared(picture.url) if isinstance(picture.url, str) else ""
        if kind and kind not in types:
            said = f"image is {kind[:20]}, not one of {', '.join(types)[:50]}"
            yield record.finding(said, index=picture.turn, key=picture.key)
