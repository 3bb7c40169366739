from collections.abc import Iterator

from dslint import Finding, rule
from dslint.dataset import File


@rule("REC101", severity="error", help="put all messages of a conversation into one `messages` list on one line")
def message_per_line(file: File) -> Iterator[Finding]:
    """Lines that hold one message each instead of one conversation each."""
    count = file.layouts["message"]
    if count:
        hold = "holds one message" if count == 1 else "hold one message each"
        yield file.finding(f"{count:,} of {file.records:,} lines {hold}", line=file.first["message"])
