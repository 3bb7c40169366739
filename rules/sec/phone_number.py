from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import finding_at

NOBODY = regex(r"555\D?01\d\d\b|7700\D?900\D?\d{3}\b")  # kept for fiction in North America and the UK
GROUPED = regex(r"\+|\d[ )./-]+\d")
ADDRESS = regex(r"(?:\d{1,3}\.){3}\d{1,3}\Z")

GATE = (
    r"\+\(?[0-9][0-9 ()./-]{6,}[0-9]|\(?[0-9]{3,5}\)?[ .-]?[0-9]{3,4}[ .-][0-9]{3,4}"
    r"|[0-9]{2}(?:[ .-][0-9]{2}){4}"
)


@rule(
    "SEC202",
    severity="info",
    preview=True,
    sensitive=True,
    gate=GATE,
    help="write a number that is kept for fiction, such as 202-555-0143",
)
def phone_number(
    message: Message,
    *,
    regions: Annotated[tuple[str, ...], "The countries whose numbers are found without +."] = (
        "US",
        "GB",
    ),
) -> Iterator[Finding]:
    """A telephone number that its country gives out, written in groups or with +."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    text, end = message.text, 0
    found = [
        (match.start, match.end)
        for region in regions or (None,)
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID, max_tries=100)
    ]
    for start, stop in sorted(found):
        written = text[start:stop]
        if start >= end and GROUPED.search(written) and not (NOBODY.search(written) or ADDRESS.match(written)):
            yield finding_at(message, start, stop, "holds a telephone number")
            end = stop
