from collections.abc import Iterable, Iterator

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

STRING = ("text", "blank", "empty")


def content_kinds(shape: Shape) -> Iterable[str]:
    """string, list or both: what the contents of a conversation are; nothing where the layout has other names."""
    if shape.layout not in ("chat", "reinforcement"):
        return ()
    kinds = {"list" if turn.content == "parts" else "string" for turn in shape.turns if turn.content in (*STRING, "parts")}
    return ("both",) if len(kinds) == 2 else kinds


@rule("REC107", severity="info", help="write all contents as strings, or all as lists of parts", count_by=content_kinds)
def content_type_drift(tally: Tally) -> Iterator[Finding]:
    """Content is a string in some records and a list of parts in others."""
    if len(tally.counts) < 2:
        return
    few = min(("list", "string", "both"), key=lambda kind: tally.counts.get(kind, (tally.file.records + 1, 0))[0])
    count, total = tally.counts[few][0], sum(count for count, _ in tally.counts.values())
    other = {"list": "content is a list", "string": "content is a string", "both": "content is string and list"}
    records = "record" if count == 1 else "records"
    yield tally.finding(f"in {count:,} of {total:,} {records} {other[few]}, unlike in the others", key=few)
