"""Answers that refuse, told by how they open."""

from __future__ import annotations

import re

from dslint.regex import regex

HEAD_CHARS = 200
APOLOGY = (
    r"(?:i['’]m|i am|we are|we['’]re) (?:very |so |really |truly )?sorry\b[^\n]{0,40}?\b|sorry,? (?:but )?|"
    r"unfortunately,? |"
    r"i apologi[sz]e,? (?:but )?|as an ai(?: language model| assistant)?,? "
)
REFUSAL = regex(
    rf"\s*(?:{APOLOGY})?"
    r"(?:i|we)(?: (?:can ?not|can['’]t|won['’]t|will not|am (?:not able|unable) to|must decline)|"
    r"['’]m (?:not able|unable) to) (?:to )?"
    r"(?:help|assist|do|provide|comply|answer|discuss|give|share|engage|fulfil|create|write|generate|support)\b",
    re.I,
)


def refuses(text: str) -> bool:
    """Whether an answer opens with a refusal."""
    return REFUSAL.match(text[:HEAD_CHARS]) is not None
