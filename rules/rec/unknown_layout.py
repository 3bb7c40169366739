from collections.abc import Iterator

from dslint import Finding, rule
from dslint.dataset import File


@rule("REC102", help="write `messages`, or one of the layouts `dslint rule unknown-layout` lists")
def unknown_layout(file: File) -> Iterator[Finding]:
    """Records in no layout that a trainer reads."""
    count = file.layouts["unknown"]
    if count:
        message = f"{count:,} of {file.records:,} records {'is' if count == 1 else 'are'} in no known layout"
        yield file.finding(message, line=file.first["unknown"])
