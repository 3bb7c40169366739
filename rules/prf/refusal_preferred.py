from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.preferences import Side, is_preference, sides
from dslint.refusals import refuses


def declines(side: Side) -> bool:
    """Whether the answer is a refusal."""
    last = side.turns[-1] if side.turns else None
    return last is not None and (bool(last.data.get("refusal")) or refuses(last.text))


@rule(
    "PRF115",
    severity="info",
    preview=True,
    help="swap the answers if the request is harmless",
    gate=is_preference,
)
def refusal_preferred(record: Record) -> Iterator[Finding]:
    """The answer to prefer refuses, and the one to reject does not."""
    chosen, rejected = sides(record)
    if declines(chosen) and not rejected.blank and not declines(rejected):
        yield record.finding("the answer to prefer is a refusal, the other is not", pointer=chosen.pointer)
