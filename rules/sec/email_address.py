import re
from collections.abc import Iterator

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import finding_at

ADDRESS = r"[0-9A-Za-z_][0-9A-Za-z_.%+'-]{0,63}@(?:[0-9A-Za-z][0-9A-Za-z-]{0,62}\.){1,8}[A-Za-z]{2,24}"
ROLES = regex(
    r"(?:no|do[._-]?not)[._-]?reply.*|(?:abuse|accounts?|admin|billing|bounce|careers|contact|customer[._-]?\w*|"
    r"feedback|git|hello|help|helpdesk|hostmaster|hr|info|inquiries|jobs|legal|mail|mailer-daemon|marketing|media|"
    r"newsletter|news|notifications?|office|orders?|postmaster|press|privacy|root|sales|security|service|support|"
    r"team|webmaster|you|your[._-]?\w*|user(?:name)?|name|email|someone|somebody|first[._]?last|foo|test)[0-9]*",
    re.IGNORECASE,
)
NOBODY = regex(
    r"(?:.*\.)?(?:example|domain|yourdomain|mydomain|email|company|yourcompany|host|site|test|localhost)"
    r"(?:\.(?:com|org|net|edu|co\.uk))?|.*\.(?:example|test|invalid|localhost|local|"
    r"png|jpe?g|gif|svg|webp|js|css|py|html?|json|yml)",
    re.IGNORECASE,
)


@rule(
    "SEC201",
    severity="info",
    preview=True,
    sensitive=True,
    gate=r"[0-9A-Za-z_]@[0-9A-Za-z]",
    help="replace it by a made-up address at example.com",
)
def email_address(message: Message) -> Iterator[Finding]:
    """An e-mail address of a person: no role such as support@, no domain kept for examples."""
    text = message.text
    for start, end in spans(ADDRESS, text):
        mailbox, _, domain = text[start:end].rpartition("@")
        if not ROLES.fullmatch(mailbox) and not NOBODY.fullmatch(domain):
            yield finding_at(message, start, end, "holds an e-mail address")
