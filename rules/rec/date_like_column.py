import re
from collections.abc import Iterable, Iterator

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

DATE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9](?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9:]{4,5})?)?")
SHORTEST, LONGEST = len("2026-01-01"), len("2026-01-01T00:00:00.000000+00:00")


def has_columns(shape: Shape) -> bool:
    """Whether there is a top-level key besides lists of messages and tools."""
    return any(key not in ("messages", "conversations", "tools") for key in shape.keys)


def dated_columns(record: Record) -> Iterable[str]:
    """Each column with a string in it, and whether that is a date."""
    for key, value in record.data.items():
        if type(value) is str:
            dated = SHORTEST <= len(value) <= LONGEST and value[4] == "-" and DATE.fullmatch(value)
            yield f"{'date' if dated else 'text'} {key[:100]}"


@rule(
    "REC108",
    help="add a word to the text, or name the column's type when loading",
    count_by=dated_columns,
    gate=has_columns,
)
def date_like_column(tally: Tally) -> Iterator[Finding]:
    """A column of strings that all look like ISO dates."""
    for key in sorted(tally.counts):
        kind, _, column = key.partition(" ")
        if kind == "date" and tally.counts[key][0] > 1 and f"text {column}" not in tally.counts:
            message = f"every {column[:30]!r} looks like a date, which a loader turns into a timestamp"
            yield tally.finding(message, key=key)
