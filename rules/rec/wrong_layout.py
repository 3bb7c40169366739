from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.columns import NONE
from dslint.dataset import File


@rule("REC111", severity="error", help="convert the file with `dslint convert`")
def wrong_layout(
    file: File, *, layouts: Annotated[tuple[str, ...], "layouts that are read; any when there are none"] = ()
) -> Iterator[Finding]:
    """Records of a layout that the target does not read."""
    for name in sorted(file.layouts, key=lambda name: file.first[name]):
        if layouts and name not in layouts and name not in NONE and file.layouts[name]:
            count, total = file.layouts[name], file.records
            some = "record is" if total == 1 else "records are"
            yield file.finding(f"{count:,} of {total:,} {some} {name}, which is not read", line=file.first[name])
