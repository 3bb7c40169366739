import re
from collections.abc import Iterator

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import finding_at

NUMBER = r"[2-6][0-9]{3}(?:[ -]?[0-9]){10,15}"
ISSUERS = regex(
    r"4(?:\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}|2131\d{11}"  # JCB
    r"|62\d{14,17}"  # UnionPay
)
GROUPS = regex(r"\d+|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}")
# What payment providers publish for tests.
FOR_TESTS = frozenset(
    (
        "4111111111111111",
        "4242424242424242",
        "4012888888881881",
        "4000056655665556",
        "4000000000000002",
        "4000000000009995",
        "5555555555554444",
        "5105105105105100",
        "2223003122003222",
        "5200828282828210",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "6011000990139424",
        "3056930009020004",
        "30569309025904",
        "3566002020360505",
        "6200000000000005",
        "3530111333300000",
        "38520000023237",
        "4222222222222222",
        "4000002500003155",
        "5454545454545454",
    )
)


def _checks(digits: str) -> bool:
    from stdnum import luhn  # which takes longer to import than all rules together

    return luhn.is_valid(digits)


@rule(
    "SEC203",
    gate=NUMBER,
    sensitive=True,
    help="remove it, or write a number that is published for tests",
)
def card_number(message: Message) -> Iterator[Finding]:
    """A payment card number: an issuer's range and length, the check digit right, no published test number."""
    text = message.text
    for start, end in spans(NUMBER, text):
        digits = re.sub("[ -]", "", text[start:end])
        whole = not re.search(r"[\w.,/=#-]\Z", text[:start][-1:]) and not re.match(
            r"\w|[.,-]\d", text[end : end + 2]
        )
        likely = whole and ISSUERS.fullmatch(digits) and GROUPS.fullmatch(text[start:end])
        if likely and len(set(digits)) > 4 and digits not in FOR_TESTS and _checks(digits):
            yield finding_at(message, start, end, "holds a payment card number")
