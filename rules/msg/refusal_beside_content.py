from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape


def refuses(shape: Shape) -> bool:
    """Whether a message has the key."""
    return any("refusal" in turn.keys and turn.content not in ("null", "missing") for turn in shape.turns)


@rule("MSG128", severity="warning", help="keep the content or the refusal", gate=refuses)
def refusal_beside_content(record: Record) -> Iterator[Finding]:
    """An assistant turn that answers and refuses at once."""
    for message in record.messages:
        refusal = message.data.get("refusal")
        if isinstance(refusal, str) and refusal and message.text.strip():
            yield message.finding("turn has content and a refusal", key="refusal")
