from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File

ELSEWHERE = ("unknown", "message")


@rule("REC111", severity="error", help="write a layout the target reads: `dslint convert --to`")
def wrong_layout(
    file: File, *, layouts: Annotated[tuple[str, ...], "layouts the target reads, empty for all"] = ()
) -> Iterator[Finding]:
    """Records in a layout that the target does not read."""
    for name, count in sorted(file.layouts.items()):
        if layouts and count and name not in layouts and name not in ELSEWHERE:
            wanted = ", ".join(layouts)
            yield file.finding(f"{count:,} records are {name}, not {wanted}"[:90], line=file.first[name])
