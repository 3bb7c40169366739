from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.media import data_fault, pictures, scheme, shows_images


@rule("IMG103", severity="error", help="write data:image/TYPE;base64,DATA", gate=shows_images)
def invalid_data_url(record: Record) -> Iterator[Finding]:
    """A data URL that is not `data:image/…;base64,…`, or whose base64 does not decode."""
    for picture in pictures(record):
        if isinstance(picture.url, str) and scheme(picture.url) == "data":
            fault = data_fault(picture.url)
            if fault:
                yield record.finding(f"data URL has {fault}", index=picture.turn, key=picture.key)
