import re
from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.passages import answers
from dslint.repetition import longest_run

SHORTEST = 200  # characters that a run of repetitions must have
WORDS = re.compile(r"[^\W\d_]{2}")


def long_enough(line_bytes: int, *, times: int = 8) -> bool:
    """Whether the line can hold such a run beside an ordinary conversation."""
    return line_bytes > SHORTEST + 50


@rule("TXT113", help="cut the answer, or drop the record", gate=long_enough)
def degenerate_repetition(
    record: Record, *, times: Annotated[int, "how often the phrase must follow itself"] = 8
) -> Iterator[Finding]:
    """An answer that says the same phrase over and over."""
    for message in record.messages:
        if message.role != "assistant" or len(message.text) < SHORTEST:
            continue
        for passage in answers(message):
            run = longest_run(passage.text)
            if run is None or run.end - run.start < SHORTEST or run.times < times:
                continue
            if WORDS.search(passage.text, run.start, run.start + run.period):
                yield passage.finding(
                    f"{run.period} characters are repeated {run.times:,} times in a row", run.start, run.end
                )
