from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.media import pictures, scheme, shows_images


@rule("IMG107", severity="error", help="put the image where the target reads it", gate=shows_images)
def remote_image(
    record: Record,
    *,
    schemes: Annotated[tuple[str, ...], "schemes of addresses taken (data, https, s3, gs), none for all"] = (),
) -> Iterator[Finding]:
    """An image at an address that the target does not read."""
    for picture in pictures(record):
        found = scheme(picture.url) if isinstance(picture.url, str) else ""
        if schemes and found and found not in schemes:
            said = f"image at {found[:20]}:, target reads {', '.join(schemes)[:50]}"
            yield record.finding(said, index=picture.turn, key=picture.key)
