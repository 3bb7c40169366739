import re
from collections.abc import Iterator

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.secrets import finding_at, stands_alone

IBAN = r"[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?"
# What banks' registries and articles show as examples.
EXAMPLES = frozenset(
    (
        "GB82WEST12345698765432",
        "GB29NWBK60161331926819",
        "GB33BUKB20201555555555",
        "DE89370400440532013000",
        "FR1420041010050500013M02606",
        "FR7630006000011234567890189",
        "ES9121000418450200051332",
        "NL91ABNA0417164300",
        "IT60X0542811101000000123456",
        "BE68539007547034",
        "CH9300762011623852957",
        "AT611904300234573201",
        "PL61109010140000071219812874",
        "PT50000201231234567890154",
        "SE4550000000058398257466",
    )
)


def _valid(text: str) -> int:
    """The length of the longest valid number that the text begins with, cut at a space; 0 where there is none."""
    from stdnum import iban

    while text:
        if iban.is_valid(text):
            return len(text)
        text = text.rpartition(" ")[0]
    return 0


@rule(
    "SEC204",
    gate="[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2}",
    sensitive=True,
    help="remove it, or write an IBAN that is published as an example",
)
def bank_account(message: Message) -> Iterator[Finding]:
    """An IBAN with the length of its country and the right check digits."""
    text = message.text
    for start, end in spans(IBAN, text):
        stop = start + _valid(text[start:end])
        own = re.sub(" ", "", text[start:stop]) not in EXAMPLES
        if stop > start and own and stands_alone(text, start, stop):
            yield finding_at(message, start, stop, "holds an IBAN")
