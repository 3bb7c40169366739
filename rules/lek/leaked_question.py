from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_question, line_of
from dslint.dataset import questions_of
from dslint.leaks import leaks


@rule(
    "LEK102",
    severity="error",
    help="keep the question in one split only, or drop what a reference has",
    group_by=by_question,
    references=True,
)
def leaked_question(group: list[Fact]) -> Iterator[Finding]:
    """The same question in files of different roles, its line not being the same."""
    for held_out, trained in leaks(group):
        own = line_of(held_out.value)
        if all(line_of(fact.value) != own for fact in trained):
            message = f"{held_out.role} question is also in {trained[0].role}".lstrip()
            same = questions_of(trained, f"the same question in {trained[0].role}")
            place = answer_of(held_out.value).asked_at
            yield held_out.finding(message, pointer=place, related=same)
