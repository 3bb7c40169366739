from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_text
from dslint.dataset import Dataset, questions_of
from dslint.leaks import sides


@rule("LEK104", severity="error", help="drop what a reference has", group_by=by_text, references=True)
def question_out_of_context(dataset: Dataset) -> Iterator[Finding]:
    """A question of a reference file, asked here under a system prompt or after other turns."""
    leaked: dict[Fact, list[Fact]] = {}
    for pair in dataset.out_of_context():
        found = sides(pair)
        if found is not None:
            leaked.setdefault(found[0], []).append(found[1])
    for fact, references in leaked.items():
        message = f"{fact.role} question is also in {references[0].role}, without this context".lstrip()
        same = questions_of(references, f"the same question in {references[0].role}")
        yield fact.finding(message, pointer=answer_of(fact.value).asked_at, related=same)
