from collections.abc import Iterator

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import MIN_RECORDS, finding, labels_of, real, records


@rule("LBL106", help="add training examples of the label", group_by=by_question)
def label_only_held_out(dataset: Dataset) -> Iterator[Finding]:
    """A label of the validation or test file that no training record has."""
    labels = real(labels_of(dataset))
    trained = sum(fact.role == "train" for having in labels.values() for fact in having)
    if trained < MIN_RECORDS:
        return
    for label, having in labels.items():
        roles = {fact.role for fact in having}
        if roles <= {"validation", "test"}:
            where = " and ".join(sorted(roles, reverse=True))
            yield finding(having, f"label {label!r} is in {where} ({records(len(having))}), never in train")
