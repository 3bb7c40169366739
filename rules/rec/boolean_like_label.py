from collections.abc import Iterable, Iterator

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

WORDS = ("true", "false", "True", "False", "TRUE", "FALSE")


def has_columns(shape: Shape) -> bool:
    """Whether a key stands beside the conversation; KTO labels have a rule of their own."""
    return len(shape.keys) > 1 and shape.layout != "kto"


def truths(record: Record) -> Iterable[str]:
    """`bool key` of each top-level key that is true or false, `text key` where the word is in quotes."""
    return [
        f"bool {key}" if value is True or value is False else f"text {key}"
        for key, value in record.data.items()
        if value is True or value is False or value in WORDS
    ]


@rule("REC109", help="write true and false without quotes in every record", count_by=truths, gate=has_columns)
def boolean_like_label(tally: Tally) -> Iterator[Finding]:
    """A column that holds true and false, and the words in quotes too."""
    for counted, (count, _) in tally.counts.items():
        kind, _, key = counted.partition(" ")
        if kind == "text" and f"bool {key}" in tally.counts:
            among = tally.counts[f"bool {key}"][0]
            place = "" if "/" in key or "~" in key else f"/{key}"
            text = "text" if count == 1 else "texts"
            message = f"{key[:30]!r} holds {count:,} {text} among {among:,} booleans"
            yield tally.finding(message, key=counted, pointer=place)
