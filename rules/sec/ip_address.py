import re
from collections.abc import Iterator
from ipaddress import ip_address as parsed

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.regex import regex
from dslint.secrets import finding_at

V4 = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
V6 = r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){3,7}"
BEFORE = regex(r"(?:v|version|release|section|chapter|firmware|build|§)[ .:=]*\Z", re.IGNORECASE)
RESOLVERS = frozenset(["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "208.67.222.222", "208.67.220.220"])


def _is_host(text: str) -> bool:
    try:
        address = parsed(text)
    except ValueError:
        return False
    plain = address.version == 6 or max(address.packed) > 20  # 4.2.1.7 is a version more often than a host
    return address.is_global and not address.is_multicast and plain and text not in RESOLVERS


@rule(
    "SEC206",
    severity="info",
    preview=True,
    sensitive=True,
    gate=rf"{V4}|{V6}",
    help="write an address kept for documentation, such as 192.0.2.1 or 2001:db8::1",
)
def ip_address(message: Message) -> Iterator[Finding]:
    """A public IP address: none that is private, kept for documentation or that of a public resolver."""
    text = message.text
    for start, end in spans(f"{V4}|{V6}", text):
        around = text[max(0, start - 1) : start], text[end : end + 2]
        whole = not re.match(r"[\w.:-]", around[0]) and not re.match(r"[\w:]|[./-]\w", around[1])
        if whole and not BEFORE.search(text[max(0, start - 12) : start]) and _is_host(text[start:end]):
            yield finding_at(message, start, end, "holds a public IP address")
