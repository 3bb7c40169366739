from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File

MEGABYTE = 1 << 20


@rule("REC112", severity="error", help="split the file, or upload it in parts")
def file_too_large(
    file: File, *, max_bytes: Annotated[int | None, "bytes a file may have; any number when there is none"] = None
) -> Iterator[Finding]:
    """A file larger than the target takes."""
    if max_bytes is not None and file.size > max_bytes:
        yield file.finding(f"file has {_size(file.size)}, the limit is {_size(max_bytes)}")


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < MEGABYTE else f"{count / MEGABYTE:,.1f} MiB"
