from collections.abc import Iterator
from pathlib import PurePath
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("REC113", severity="error", help="rename the file")
def wrong_extension(
    file: File,
    *,
    extensions: Annotated[tuple[str, ...], "endings a file's name may have; any when there are none"] = (),
) -> Iterator[Finding]:
    """A file whose name does not end as the target wants."""
    name = PurePath(file.source).name.lower().removesuffix(".gz").removesuffix(".zst")
    is_file = name not in ("", "-") and not name.startswith("<")
    if extensions and is_file and not name.endswith(extensions):
        found = PurePath(name).suffix[:20] or "nothing"
        yield file.finding(f"file name ends with {found}, not {' or '.join(extensions)[:40]}")
