from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import by_text
from dslint.dataset import Dataset
from dslint.findings import REFERENCE
from dslint.leaks import shares


@rule("LEK105", severity="info", help="other rules of the family name each", group_by=by_text, references=True)
def leaked_share(
    dataset: Dataset, *, min_score: Annotated[float, "likeness of the questions, 85 to 100"] = 90.0
) -> Iterator[Finding]:
    """How many questions of a held-out role, or of a reference, are in another role, or nearly."""
    for share in shares(dataset, min_score):
        role = share.other if share.role == REFERENCE else share.role
        file = next(file for file in dataset.files if file.role == role)
        many = f"{share.copied:,} of {share.questions:,} {share.role} questions"
        yield file.finding(f"{many} have a copy or near-copy in {share.other or 'the data'}")
