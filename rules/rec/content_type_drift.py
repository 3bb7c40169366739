from collections.abc import Iterable, Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.dataset import Tally
from dslint.shapes import Shape

KINDS = {"text": "string", "blank": "string", "empty": "string", "parts": "list"}


def content_kinds(shape: Shape) -> Iterable[str]:
    """string, list or both: what the contents of a conversation are; nothing where the layout has other names."""
    if shape.layout not in ("chat", "reinforcement"):
        return ()
    kinds = {KINDS[turn.content] for turn in shape.turns if turn.content in KINDS}
    return ("both",) if len(kinds) == 2 else kinds


@rule("REC107", severity="info", help="write all contents in one form", count_by=content_kinds)
def content_type_drift(
    tally: Tally, *, min_records: Annotated[int, "smaller files are not judged"] = 20
) -> Iterator[Finding]:
    """Content is a string in some records and a list of parts in others."""
    if len(tally.counts) < 2 or tally.file.records < min_records:
        return
    few = min(("list", "string", "both"), key=lambda kind: tally.counts.get(kind, (tally.file.records + 1, 0))[0])
    count, total = tally.counts[few][0], sum(count for count, _ in tally.counts.values())
    what = {"list": "a list", "string": "a string", "both": "string and list"}[few]
    yield tally.finding(f"content is {what} in {count:,} of {total:,} records only", key=few)
