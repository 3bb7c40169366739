from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.media import pictures, scheme, shows_images
from dslint.shapes import kind_of

READ = ("http", "https", "data", "s3", "gs", "file")


@rule("IMG111", severity="error", help="write an address, or the image as a data URL", gate=shows_images)
def bad_image_url(record: Record) -> Iterator[Finding]:
    """An `image_url` without a URL, or with something else in its place."""
    for picture in pictures(record):
        if not picture.key.endswith("/image_url/url"):
            continue
        url = picture.url
        if not isinstance(url, str):
            said = "image has no url" if url is None else f"image url is {kind_of(url).replace('parts', 'list')}"
        elif scheme(url) in READ:
            continue
        else:
            said = "image url is empty" if not url.strip() else "image url is a path, not an address"
            if scheme(url):
                said = f"image url has unknown scheme {scheme(url)[:20]!r}"
        yield record.finding(f"{said}", index=picture.turn, key=picture.key)
