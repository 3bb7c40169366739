import re
from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.passages import answers
from dslint.repetition import Run, longest_run

LONG_ANSWER = 1000  # characters; an answer that runs on in circles fills its budget, and short ones are many
SHORTEST = 200  # characters that a run of repetitions must have
SHORTEST_OF_DIGITS = 1000  # tables and matrices have many equal digits in a row
WORDS = re.compile(r"[^\W\d_]{2}")
DIGITS = re.compile(r"\d")


def _degenerate(text: str, run: Run) -> bool:
    """Whether words, or very many digits, are repeated, and not the lines of a table."""
    size, once = run.end - run.start, (run.start, run.start + run.period + 1)
    words, digits = WORDS.search(text, *once), DIGITS.search(text, *once)
    return size >= SHORTEST and (words is not None or (digits is not None and size >= SHORTEST_OF_DIGITS))


def long_enough(line_bytes: int, *, times: int = 8) -> bool:
    """Whether the line can hold such a run beside the rest of a record."""
    return line_bytes > LONG_ANSWER


@rule("TXT113", help="cut the answer, or drop the record", gate=long_enough)
def degenerate_repetition(
    record: Record, *, times: Annotated[int, "how often the phrase must follow itself"] = 8
) -> Iterator[Finding]:
    """An answer that says the same phrase over and over."""
    for message in record.messages:
        if message.role != "assistant" or len(message.text) < LONG_ANSWER:
            continue
        for passage in answers(message):
            run = longest_run(passage.text)
            if run is not None and run.times >= times and _degenerate(passage.text, run):
                phrase = f"{run.period} characters are" if run.period > 1 else "one character is"
                yield passage.finding(f"{phrase} repeated {run.times:,} times in a row", run.start, run.end)
