from collections.abc import Iterator

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import finding, labels_of, variants


@rule("LBL101", help="spell each label in one way", group_by=by_question)
def label_variant(dataset: Dataset) -> Iterator[Finding]:
    """A label that differs from another only in case, white space, outer punctuation or separators."""
    labels = labels_of(dataset)
    for label, usual in variants(labels).items():
        message = (
            f"label {label!r} ({len(labels[label]):,}) is another spelling of {usual!r} ({len(labels[usual]):,})"
        )
        yield finding(labels[label], message, "the same spelling")
