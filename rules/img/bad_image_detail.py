from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.media import pictures, shows_images

DETAILS = ("auto", "low", "high")


@rule("IMG108", severity="error", help="write auto, low or high, or leave it out", gate=shows_images)
def bad_image_detail(record: Record) -> Iterator[Finding]:
    """An image whose `detail` is not auto, low or high."""
    for picture in pictures(record):
        if picture.detail is not None and picture.detail not in DETAILS:
            shown = repr(picture.detail[:20]) if isinstance(picture.detail, str) else "no string"
            key = picture.key.removesuffix("url") + "detail"
            yield record.finding(f"detail is {shown}, not auto, low or high", index=picture.turn, key=key)
