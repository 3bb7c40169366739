from collections.abc import Iterator, Sequence
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.passages import answers
from dslint.regex import regex
from dslint.repetition import SHORTEST, Run, longest_run

LONG_LINE = 1500  # bytes; an answer that runs in circles fills its budget, and most lines are shorter
SHORTEST_OF_DIGITS = 1500  # characters; tables and matrices have many equal digits in a row
WORDS = regex(r"[^\W\d_]{2}")
DIGITS = regex(r"\d")


def _degenerate(text: str, run: Run) -> bool:
    """Whether words, or very many digits, are repeated, and not the lines of a table."""
    once = (run.start, run.start + run.period + 1)
    return WORDS.search(text, *once) is not None or (
        DIGITS.search(text, *once) is not None and run.end - run.start >= SHORTEST_OF_DIGITS
    )


def long_enough(line_bytes: int) -> bool:
    """Whether the line can hold such a run beside the rest of a record."""
    return line_bytes > LONG_LINE


def no_run(texts: Sequence[str], *, times: int = 8) -> bool:
    """Whether nothing follows itself so often in any of the texts."""
    return not any(longest_run(text, times) for text in texts if len(text) >= SHORTEST)


@rule("TXT113", help="cut the answer, or drop the record", gate=long_enough, unless=no_run)
def degenerate_repetition(
    record: Record, *, times: Annotated[int, "how often the phrase must follow itself"] = 8
) -> Iterator[Finding]:
    """An answer that says the same phrase over and over."""
    for message in record.messages:
        for passage in answers(message):
            run = longest_run(passage.text, times)
            if run is not None and _degenerate(passage.text, run):
                phrase = f"{run.period} characters are" if run.period > 1 else "one character is"
                said = f"{phrase} repeated {(run.end - run.start) // run.period:,} times in a row"
                yield passage.finding(said, run.start, run.end)
