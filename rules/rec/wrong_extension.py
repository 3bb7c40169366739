from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("REC113", help="rename the file")
def wrong_extension(
    file: File, *, extensions: Annotated[tuple[str, ...], "endings the target takes, empty for all"] = ()
) -> Iterator[Finding]:
    """A file whose name ends otherwise than the target wants."""
    name = file.source.lower().removesuffix(".gz").removesuffix(".zst")
    if extensions and "." in name and not name.endswith(extensions):
        yield file.finding(f"file name does not end in {' or '.join(extensions)}")
