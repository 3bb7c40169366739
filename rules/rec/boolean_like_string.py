from collections.abc import Iterable, Iterator

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

WORDS = ("true", "false", "True", "False")


def has_columns(shape: Shape) -> bool:
    """Whether there is a top-level key besides lists of messages and tools."""
    return any(key not in ("messages", "conversations", "tools") for key in shape.keys)


def truths(record: Record) -> Iterable[str]:
    """Each column with a boolean, or the word for one, in it."""
    for key, value in record.data.items():
        if type(value) is bool:
            yield f"boolean {key[:100]}"
        elif type(value) is str and value in WORDS:
            yield f"string {key[:100]}"


@rule("REC109", help="write true and false without quotation marks", count_by=truths, gate=has_columns)
def boolean_like_string(tally: Tally) -> Iterator[Finding]:
    """A column in which some records write true and false as strings, others as booleans."""
    for key in sorted(tally.counts):
        kind, _, column = key.partition(" ")
        if kind == "string" and f"boolean {column}" in tally.counts:
            count = tally.counts[key][0]
            yield tally.finding(f"{column[:30]!r} is a string in {count:,} records, a boolean in others", key=key)
