from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape


def has_system(shape: Shape) -> bool:
    """Whether the conversation begins with a system prompt."""
    return shape.roles[:1] in (("system",), ("developer",)) and len(shape.turns) > 1


def percent_system(record: Record) -> Iterator[str]:
    """The percentage of the record's characters that is system prompt, rounded down."""
    texts = [message.text for message in record.messages]
    length = sum(map(len, texts))
    if length and texts:
        yield str(100 * len(texts[0]) // length)


@rule(
    "SET106",
    severity="info",
    help="shorten the system prompt, as training teaches what it says",
    preview=True,
    count_by=percent_system,
    gate=has_system,
)
def bloated_system_prompt(
    tally: Tally,
    *,
    max_percent: Annotated[int, "percentage of a record's text the system prompt may be"] = 80,
    min_records: Annotated[int, "smaller files are not judged"] = 10,
) -> Iterator[Finding]:
    """Most records consist of their system prompt for the most part."""
    total = sum(count for count, _ in tally.counts.values())
    bloated = [key for key in tally.counts if int(key) >= max_percent]
    count = sum(tally.counts[key][0] for key in bloated)
    if total >= min_records and 2 * count > total:
        first = min(bloated, key=lambda key: tally.counts[key][1])
        message = f"system prompt is {max_percent} % or more of the text in {count:,} of {total:,} records"
        yield tally.finding(message, key=first)
