from collections.abc import Iterable, Iterator

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

KINDS = {"text": "string", "blank": "string", "empty": "string", "parts": "list"}


def kinds_of(shape: Shape) -> Iterable[str]:
    """The kinds of content in the record."""
    return {KINDS[turn.content] for turn in shape.turns if turn.content in KINDS}


@rule("REC107", severity="info", help="write all contents in one form", count_by=kinds_of)
def content_type_drift(tally: Tally) -> Iterator[Finding]:
    """Content that is a string in some records of the file and a list in others."""
    if len(tally.counts) > 1:
        rare = min(tally.counts, key=lambda kind: (tally.counts[kind][0], kind))
        counts = " and ".join(f"a {kind} in {tally.counts[kind][0]:,}" for kind in sorted(tally.counts))
        yield tally.finding(f"content is {counts} records", key=rare)
