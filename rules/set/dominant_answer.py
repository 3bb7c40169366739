from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.compare import answer_of, by_question, line_of
from dslint.dataset import Dataset
from dslint.labels import finding, labels_of, most_frequent_answer


@rule("SET103", help="keep a few of these examples, or write each its own answer", group_by=by_question)
def dominant_answer(
    dataset: Dataset,
    *,
    max_share: Annotated[float, "share of the records that may have the same answer"] = 0.2,
    min_records: Annotated[int, "smaller sets are not judged"] = 20,
) -> Iterator[Finding]:
    """One answer for a large part of the questions, where the answers are no labels."""
    facts = dataset.facts
    same = most_frequent_answer(facts, max_share) if len(facts) >= min_records else []
    if not same or not answer_of(same[0].value).shown:
        return
    once = list({line_of(fact.value): fact for fact in reversed(same)}.values())[::-1]
    copies = len(same) - len(once)
    if len(once) > max_share * (len(facts) - copies) and not labels_of(dataset):
        shown = answer_of(once[0].value).shown
        share = f"{len(once):,} of {len(facts) - copies:,} questions"
        yield finding(once, f"same answer to {share}: {shown[:30]!r}", "the same answer")
