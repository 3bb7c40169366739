import re
from collections.abc import Iterator

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import finding_at, is_placeholder

URL = r"""[A-Za-z][0-9A-Za-z+.-]{1,20}://[^\s/?#@:"'<>`]{0,100}:[^\s/?#"'<>`]{1,200}@[0-9A-Za-z.-]{1,200}"""
WORDS = regex(
    r"(?:my|the|db|user|root|admin|some|super)?[_-]?"
    r"(?:p|pw|pass|passwd|password|passphrase|pwd|secret|secretpassword|token|key|user|username|admin|root|guest|"
    r"test|demo|foo|bar|baz|abc|postgres|mysql|mongo|redis|rabbitmq|hunter2|x+|\d{1,6})[_-]?(?:here|word|\d{1,4})?",
    re.IGNORECASE,
)
NOWHERE = regex(
    r"localhost|127\.[\d.]+|0\.0\.0\.0|(?:my|your|some|db|proxy|redis|mongo)?[_-]?(?:host|hostname|server|domain)|"
    r"(?:.*\.)?example(?:\.\w+)?|.*\.(?:test|local|localhost|invalid)",
    re.IGNORECASE,
)


def _is_real(user: str, password: str, host: str) -> bool:
    variable = password[0] in "$<{[*%" or password.endswith(("}", "]", ">")) or "{" in password
    meant = WORDS.fullmatch(password) or is_placeholder(password) or password.lower() == user.lower()
    return not (variable or meant or NOWHERE.fullmatch(host))


@rule(
    "SEC104",
    gate=r"://[^\s/?#@:]{0,100}:[^\s/?#]{1,200}@[0-9A-Za-z.-]",
    sensitive=True,
    reads_arguments=True,
    help="change the password, then remove it from the data",
)
def password_in_url(message: Message) -> Iterator[Finding]:
    """A URL with a user name and a password that is no placeholder."""
    text = message.text
    for start, end in spans(URL, text):
        scheme, _, rest = text[start:end].partition("://")
        credentials, _, host = rest.rpartition("@")
        user, _, password = credentials.partition(":")
        first = start + len(scheme) + 3 + len(user) + 1
        if _is_real(user, password, host):
            yield finding_at(message, first, first + len(password), "holds a password in a URL")
