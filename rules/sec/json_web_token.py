import base64
import json
from collections.abc import Iterator
from typing import Any

from dslint import Finding, rule
from dslint.patterns import spans
from dslint.records import Message
from dslint.secrets import finding_at

TOKEN = r"eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*"
SAMPLE = "1234567890"  # the subject of the token that tutorials show


def _decoded(part: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@rule(
    "SEC103",
    gate=TOKEN,
    sensitive=True,
    reads_arguments=True,
    help="revoke the token, then remove it from the data",
)
def json_web_token(message: Message) -> Iterator[Finding]:
    """A JSON Web Token: its header names an algorithm and its payload is an object."""
    text = message.text
    for start, end in spans(TOKEN, text):
        header, payload, _ = text[start:end].split(".")
        claims = _decoded(payload)
        if "alg" in _decoded(header) and claims and claims.get("sub") != SAMPLE:
            yield finding_at(message, start, end, "holds a JSON Web Token")
