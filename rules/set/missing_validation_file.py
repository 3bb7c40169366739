from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import Dataset


@rule("SET108", severity="error", help="split off a validation file")
def missing_validation_file(
    dataset: Dataset, *, required: Annotated[bool, "whether the job takes no set without a validation file"] = False
) -> Iterator[Finding]:
    """A set without a validation file, where one is required."""
    if not required or any(file.role == "validation" for file in dataset.files):
        return
    training = [file for file in dataset.files if file.records and file.role in ("train", "")]
    if training:
        yield training[0].finding("set has no validation file")
