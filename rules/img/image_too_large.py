from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.media import data_bytes, pictures, shows_images


@rule("IMG105", severity="error", help="scale the image down", gate=shows_images)
def image_too_large(
    record: Record, *, max_bytes: Annotated[int, "bytes an image may have"] = 10 * 1024 * 1024
) -> Iterator[Finding]:
    """An image in the record with more bytes than the target takes."""
    for picture in pictures(record):
        size = data_bytes(picture.url) if isinstance(picture.url, str) else 0
        if size > max_bytes:
            yield record.finding(
                f"image has {size:,} bytes, limit {max_bytes:,}", index=picture.turn, key=picture.key
            )
