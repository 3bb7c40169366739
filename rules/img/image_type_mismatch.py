from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.media import actual, declared, pictures, shows_images


@rule("IMG104", severity="error", help="declare the type that the image has", gate=shows_images)
def image_type_mismatch(record: Record) -> Iterator[Finding]:
    """A data URL that declares another image type than its first bytes tell."""
    for picture in pictures(record):
        if isinstance(picture.url, str):
            said, found = declared(picture.url), actual(picture.url)
            if said and found and said != found:
                yield record.finding(
                    f"image is {found}, declared as {said[:30]}", index=picture.turn, key=picture.key
                )
