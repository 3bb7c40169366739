from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.nfkc import fold
from dslint.shapes import Shape


def is_answered(shape: Shape) -> bool:
    """Whether the last turn answers a user."""
    return shape.trains == "sft" and shape.roles[-2:] == ("user", "assistant")


@rule("MSG129", preview=True, help="write the answer, or drop the record", gate=is_answered)
def echoed_question(
    record: Record, *, min_chars: Annotated[int, "shorter answers may well repeat the question"] = 20
) -> Iterator[Finding]:
    """An answer that is the question again."""
    question, answer = (message.text.strip() for message in record.messages[-2:])
    close = len(question) == len(answer) or abs(len(question) - len(answer)) <= 8
    if len(answer) >= min_chars and close and fold(question) == fold(answer):
        yield record.messages[-1].finding("answer is the question again")
