import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.regex import regex
from dslint.shapes import Shape

# Columns a model reads or learns from; a date under another key does no harm.
COLUMNS = ("completion", "output", "response", "answer", "text", "input", "query", "question", "prompt")
DATE = regex(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
ROOTS = ("messages", "conversations", "contents")


def has_columns(shape: Shape) -> bool:
    """Whether the text stands in columns of its own."""
    return not any(root in shape.keys for root in ROOTS) and any(key in shape.keys for key in COLUMNS)


def dates(record: Record) -> Iterable[str]:
    """Of each text column: its name where it holds a date, its name after `not` where it holds anything else."""
    return [
        key if isinstance(value, str) and value[4:5] == "-" and DATE.fullmatch(value) else f"not {key}"
        for key in COLUMNS
        if (value := record.data.get(key)) is not None
    ]


@rule("REC108", help="write the date differently, or load the column as text", count_by=dates, gate=has_columns)
def date_like_column(
    tally: Tally, *, min_records: Annotated[int, "smaller files are not judged"] = 2
) -> Iterator[Finding]:
    """A column of text in which every value is an ISO date."""
    for key, (count, _) in tally.counts.items():
        if not key.startswith("not ") and f"not {key}" not in tally.counts and count >= min_records:
            yield tally.finding(f"all {count:,} values of {key!r} are ISO dates", key=key, pointer=f"/{key}")
