import re
from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.preferences import Side, is_preference, sides

OPENING = re.compile(
    r"\s*(?:(?:i['’]m|i am|we are|we['’]re) (?:very |so |really |truly )?sorry\b.{0,40}?\b|sorry,? (?:but )?|unfortunately,? |"
    r"i apologi[sz]e,? (?:but )?|as an ai(?: language model| assistant)?,? )?"
    r"(?:i|we) (?:can ?not|can['’]t|won['’]t|will not|am (?:not able|unable) to|['’]m (?:not able|unable) to|must decline) "
    r"(?:to )?(?:help|assist|do|provide|comply|answer|discuss|give|share|engage|fulfil|create|write|generate|support)\b",
    re.I,
)
HEAD_CHARS = 200


def refuses(side: Side) -> bool:
    """Whether the answer opens with a refusal."""
    last = side.turns[-1] if side.turns else None
    if last is None:
        return False
    return bool(last.data.get("refusal")) or OPENING.match(last.text[:HEAD_CHARS]) is not None


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
