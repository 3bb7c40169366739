from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, question
from dslint.labels import labels_of
from dslint.mislabels import doubts


@rule(
    "LBL108",
    severity="info",
    preview=True,
    help="read the record, and correct the label if it is wrong",
    group_by=by_text,
)
def probable_mislabel(
    dataset: Dataset,
    *,
    min_margin: Annotated[float, "how much better another label must fit, 0 to 1"] = 0.15,
) -> Iterator[Finding]:
    """A label that another one fits better, judged by the texts of both."""
    facts = [fact for having in labels_of(dataset).values() for fact in having]
    if not facts:
        return
    facts.sort()
    try:
        found = doubts([question(fact) for fact in facts], [answer_of(fact.value).shown for fact in facts])
    except ImportError:
        yield dataset.files[0].finding("labels were not judged: install dslint-chat[labels]")
        return
    for row, better, margin in found:
        if margin >= min_margin:
            answer = answer_of(facts[row].value)
            message = f"label {answer.shown[:25]!r} is in doubt, {better[:25]!r} fits better by {margin:.2f}"
            yield facts[row].finding(message, pointer=answer.answered_at)
