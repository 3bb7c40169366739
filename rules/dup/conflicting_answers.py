from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_turn
from dslint.differences import opposed, verdict


@rule(
    "DUP103",
    severity="error",
    help="decide which answer is right; dslint never chooses",
    group_by=by_turn,
    conflict=True,
)
def conflicting_answers(group: list[Fact]) -> Iterator[Finding]:
    """The same question with different answers."""
    answers = [answer_of(fact.value) for fact in group]
    if len({answer.digest for answer in answers}) < 2:
        return
    labels = all(answer.label for answer in answers)
    message = f"same question: {verdict(group)}"
    severity = "error" if labels else "info"
    place = answers[0].answered_at
    yield group[0].finding(message, pointer=place, related=opposed(group[0], group[1:]), severity=severity)
