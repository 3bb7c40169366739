from collections.abc import Iterator

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import ENOUGH, finding, labels_of, real, usual_count


@rule("LBL104", severity="info", help="add examples of the label, or merge it with another", group_by=by_question)
def singleton_label(dataset: Dataset) -> Iterator[Finding]:
    """A label with a single example, where others have many."""
    labels = real(labels_of(dataset))
    usual = usual_count(labels) if labels else 0
    if usual < ENOUGH:
        return
    trained = any(file.role == "train" for file in dataset.files)
    for label, having in labels.items():
        held_out = trained and having[0].role in ("validation", "test")
        if len(having) == 1 and not held_out and any(map(str.isalpha, label)):
            yield finding(having, f"label {label!r} has 1 example, half of the labels have {usual:,} or more")
