from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("SET109", severity="error", help="leave examples out, or move them to the training file")
def held_out_too_large(
    file: File,
    *,
    max_examples: Annotated[int | None, "examples a validation file may have, none for no limit"] = None,
    max_bytes: Annotated[int | None, "bytes a validation file may have, none for no limit"] = None,
) -> Iterator[Finding]:
    """A validation file that is larger than a job takes."""
    if file.role != "validation":
        return
    if max_examples is not None and file.records > max_examples:
        yield file.finding(f"validation file has {file.records:,} examples, at most {max_examples:,} are taken")
    if max_bytes is not None and file.size > max_bytes:
        yield file.finding(f"validation file has {file.size:,} bytes, at most {max_bytes:,} are taken")
