import re
from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.preferences import Side, is_preference, sides

APOLOGY = (
    r"(?:(?:i'm|i am) (?:very |so |truly )?sorry[,.]? |sorry[,.]? |unfortunately,? |i apologi[sz]e,? )"
)
NOTE = r"(?:as an ai(?: language model| assistant)?,? |but )"
CANNOT = r"(?:i can ?not|i can't|i won't|i will not|(?:i'm|i am) (?:not able|unable) to|i must decline to) "
DEED = r"(?:help|assist|do|provide|comply|answer|discuss|give|share|engage|fulfil|create|write|generate|support)\b"
OPENING = re.compile(rf"\s*{APOLOGY}?{NOTE}{{0,2}}{CANNOT}{DEED}", re.I)
HEAD_CHARS = 200


def refuses(side: Side) -> bool:
    """Whether the answer opens with a refusal."""
    last = side.turns[-1] if side.turns else None
    if last is None:
        return False
    return (
        bool(last.data.get("refusal")) or OPENING.match(last.text[:HEAD_CHARS].replace("\u2019", "'")) is not None
    )


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
    if refuses(chosen) and not rejected.blank and not refuses(rejected):
        yield record.finding("the answer to prefer is a refusal, the other is not", pointer=chosen.pointer)
