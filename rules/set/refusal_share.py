from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.dataset import Tally
from dslint.refusals import refuses
from dslint.shapes import Shape

REFUSES, ANSWERS = "refuses", "answers"


def answered(shape: Shape) -> bool:
    """Whether the record is a conversation that trains an answer."""
    return shape.trains == "sft" and any(turn.trained for turn in shape.turns)


def refusals(record: Record) -> Iterator[str]:
    """Whether the answer refuses."""
    answer = record.completion
    if answer is not None:
        yield REFUSES if answer.data.get("refusal") or refuses(answer.text) else ANSWERS


@rule(
    "SET107",
    severity="info",
    help="leave out refusals of harmless requests",
    preview=True,
    count_by=refusals,
    gate=answered,
)
def refusal_share(
    tally: Tally,
    *,
    max_share: Annotated[float, "share of the answers that may refuse"] = 0.2,
    min_records: Annotated[int, "smaller files are not judged"] = 10,
) -> Iterator[Finding]:
    """A large part of the answers refuses."""
    total = sum(count for count, _ in tally.counts.values())
    count = tally.counts.get(REFUSES, (0, 0))[0]
    if total >= min_records and count > max_share * total:
        yield tally.finding(f"{count:,} answers of {total:,} refuse", key=REFUSES)
