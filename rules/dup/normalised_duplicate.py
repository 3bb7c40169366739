from collections.abc import Iterator

from dslint import Fact, Finding, rule
from dslint.compare import answer_of, by_question, line_of
from dslint.dataset import questions_of, same_role


def distinct_lines(facts: list[Fact]) -> list[Fact]:
    """The first fact of each distinct line."""
    return list({line_of(fact.value): fact for fact in reversed(facts)}.values())[::-1]


@rule("DUP102", help="keep one of them", group_by=by_question)
def normalised_duplicate(group: list[Fact]) -> Iterator[Finding]:
    """The same question and answer but for case, Unicode form, white space or keys beside the conversation."""
    for facts in same_role(group):
        by_answer: dict[bytes, list[Fact]] = {}
        for fact in distinct_lines(facts):
            by_answer.setdefault(answer_of(fact.value).digest, []).append(fact)
        for first, *copies in by_answer.values():
            if copies:
                message = f"conversation appears {len(copies) + 1:,} times in slightly different forms"
                place = answer_of(first.value).asked_at
                notes = questions_of(copies, "the same conversation")
                yield first.finding(message, pointer=place, related=notes)
