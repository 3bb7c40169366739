from collections.abc import Iterator

from dslint import Finding, Record, rule

LONG = 80  # characters; short turns ("yes", "thank you") repeat in any conversation


@rule("MSG130", severity="info", preview=True, help="remove the turn that was pasted twice")
def repeated_turn(record: Record) -> Iterator[Finding]:
    """A long turn that stands twice in one conversation."""
    seen: dict[tuple[str, str], int] = {}
    for message in record.messages:
        key = message.role, message.text.strip()
        if len(key[1]) >= LONG and seen.setdefault(key, message.index) != message.index:
            yield message.finding(f"{message.role} said the same in message {seen[key]}")
