from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import by_question
from dslint.dataset import Dataset
from dslint.labels import finding, labels_of, real


@rule("LBL105", severity="info", help="add examples of the rare label", group_by=by_question)
def label_imbalance(
    dataset: Dataset,
    *,
    max_ratio: Annotated[float, "times the rarest label may be exceeded by the commonest"] = 100.0,
) -> Iterator[Finding]:
    """The most frequent label has very many times the examples of the rarest."""
    labels = {label: having for label, having in real(labels_of(dataset)).items() if len(having) > 1}
    if len(labels) < 2:
        return
    rare = min(labels, key=lambda label: len(labels[label]))
    common = max(labels, key=lambda label: len(labels[label]))
    few, many = len(labels[rare]), len(labels[common])
    if many > max_ratio * few:
        yield finding(labels[rare][:1], f"label {rare[:20]!r} has {few:,} examples, {common[:20]!r} has {many:,}")
