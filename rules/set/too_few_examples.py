from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import File


@rule("SET101", help="add examples; improvement is seen from 50 to 100 on")
def too_few_examples(
    file: File, *, min_examples: Annotated[int, "examples a training file needs at least"] = 10
) -> Iterator[Finding]:
    """A file with fewer examples than a job takes."""
    if 0 < file.records < min_examples and not file.layouts["message"]:
        plural = "" if file.records == 1 else "s"
        held_out = file.role in ("validation", "test")
        message = f"file has {file.records} example{plural}, at least {min_examples} are needed"
        yield file.finding(message, severity="info" if held_out else "")
