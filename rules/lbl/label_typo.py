from collections.abc import Iterator

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import finding, labels_of, slips


@rule("LBL102", help="correct the label, or give it more examples if it is one", group_by=by_question)
def label_typo(dataset: Dataset) -> Iterator[Finding]:
    """A rare label that one or two edits make a frequent one."""
    labels = labels_of(dataset)
    for label, usual in slips(labels).items():
        message = f"label {label!r} ({len(labels[label]):,}) is nearly {usual!r} ({len(labels[usual]):,})"
        yield finding(labels[label], message)
