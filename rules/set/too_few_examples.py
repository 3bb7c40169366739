from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("SET101", help="add examples; improvement is seen from 50 to 100 on")
def too_few_examples(
    file: File, *, min_examples: Annotated[int, "examples a training file needs at least"] = 10
) -> Iterator[Finding]:
    """A training file with fewer examples than a job takes."""
    if file.role in ("", "train") and 0 < file.records < min_examples and not file.layouts["message"]:
        plural = "" if file.records == 1 else "s"
        yield file.finding(f"file has {file.records} example{plural}, at least {min_examples} are needed")
