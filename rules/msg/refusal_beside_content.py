from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape


def may_refuse(shape: Shape) -> bool:
    """Whether a turn has a refusal, as a key or as a part."""
    return any("refusal" in turn.keys or "refusal" in turn.parts for turn in shape.turns)


@rule("MSG128", severity="error", help="keep the refusal or the answer", gate=may_refuse)
def refusal_beside_content(record: Record) -> Iterator[Finding]:
    """An assistant message that answers and refuses at once."""
    for message in record.messages:
        kinds = [part.get("type") if isinstance(part, dict) else None for part in message.parts]
        refusal = message.data.get("refusal")
        if "refusal" in kinds and len(kinds) > 1:
            yield message.finding("refusal part beside other parts", key=f"content/{kinds.index('refusal')}")
        elif isinstance(refusal, str) and refusal.strip() and message.text.strip():
            yield message.finding("message has content and a refusal", key="refusal", severity="warning")
