from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("SET102", severity="error", help="split the file, or leave examples out")
def too_many_examples(
    file: File, *, max_examples: Annotated[int | None, "examples a file may have, none for no limit"] = None
) -> Iterator[Finding]:
    """A file with more examples than a job takes."""
    if max_examples is not None and file.records > max_examples:
        yield file.finding(f"file has {file.records:,} examples, at most {max_examples:,} are taken")
