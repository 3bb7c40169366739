from collections.abc import Iterator
from functools import cache

from dslint import Finding, rule
from dslint.compare import answer_of, by_turn
from dslint.dataset import Dataset
from dslint.differences import opposed, verdict
from dslint.labels import short_are_labels


@rule(
    "DUP103",
    severity="error",
    help="decide which answer is right; dslint never chooses",
    group_by=by_turn,
    conflict=True,
)
def conflicting_answers(dataset: Dataset) -> Iterator[Finding]:
    """The same question with different answers."""
    labels = cache(lambda: short_are_labels(dataset))
    for rows in dataset.facts.repeated():
        group = [dataset.facts[row] for row in rows]
        answers = [answer_of(fact.value) for fact in group]
        if len({answer.digest for answer in answers}) < 2:
            continue
        severity = "error" if all(answer.label for answer in answers) and labels() else "info"
        yield group[0].finding(
            f"same question: {verdict(group)}",
            pointer=answers[0].answered_at,
            related=opposed(group[0], group[1:]),
            severity=severity,
        )
