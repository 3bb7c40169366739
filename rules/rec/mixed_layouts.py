from collections.abc import Iterator

from dslint import Finding, rule
from dslint.dataset import File

ELSEWHERE = ("unknown", "message")  # unknown-layout and message-per-line speak of these


@rule("REC103", severity="error", help="write one layout in a file: `dslint convert` does it")
def mixed_layouts(file: File) -> Iterator[Finding]:
    """A file with records of several layouts."""
    found = {name: count for name, count in file.layouts.items() if count and name not in ELSEWHERE}
    if len(found) < 2:
        return
    rarest = min(found, key=lambda name: (found[name], name))
    counts = ", ".join(f"{name} {found[name]:,}" for name in sorted(found, key=lambda name: (-found[name], name)))
    yield file.finding(f"file mixes layouts: {counts}"[:90], line=file.first[rarest])
