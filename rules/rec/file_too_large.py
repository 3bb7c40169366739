from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("REC112", severity="error", help="split the file, or use the provider's way for large uploads")
def file_too_large(
    file: File, *, max_bytes: Annotated[int | None, "bytes a file may have, none for no limit"] = None
) -> Iterator[Finding]:
    """A file with more bytes than the target takes."""
    if max_bytes is not None and file.size > max_bytes:
        yield file.finding(f"file has {file.size:,} bytes, limit {max_bytes:,}")
