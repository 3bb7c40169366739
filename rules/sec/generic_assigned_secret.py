from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import entropy, finding_at, is_placeholder

ASSIGNED = (
    r"(?i)(?:api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|secret|token|passw(?:or)?d|credential)"
    r"""[0-9a-z_.-]{0,20}["'`]?[ \t]{0,3}(?::=|=>|[=:])[ \t]{0,3}["'`]?[0-9a-z+/_=.-]{16,200}"""
)
VALUE = regex(r"[0-9A-Za-z+/_.-][0-9A-Za-z+/_=.-]{15,199}\Z")
WORDS = regex(r"[._/-]?(?:[A-Za-z]+|[0-9]+)(?:[._/-](?:[A-Za-z]+|[0-9]{1,4}))*")


@rule("SEC105", gate=ASSIGNED, sensitive=True, preview=True, help="revoke it, then remove it from the data")
def generic_assigned_secret(
    message: Message,
    *,
    least_entropy: Annotated[float, "Bits a character below which a value is taken for a placeholder."] = 3.5,
) -> Iterator[Finding]:
    """A random value given to a name such as `api_key` or `password`."""
    text = message.text
    for start, end in spans(ASSIGNED, text):
        found = VALUE.search(text[start:end].lstrip())
        if found is None or text[end : end + 1] in ("(", "["):
            continue
        value = found[0]
        random = entropy(value) >= least_entropy and not WORDS.fullmatch(value) and not is_placeholder(value)
        if random:
            yield finding_at(message, end - len(value), end, "a random value is given to a name of a secret")
