from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.preferences import is_preference, said_by, whole_sides


@rule("PRF106", help="begin both answers with the same turns, or put them under `prompt`", gate=is_preference)
def different_prompts(record: Record) -> Iterator[Finding]:
    """Chosen and rejected are whole conversations that begin differently."""
    chosen, rejected = whole_sides(record)
    opening = [side.turns[0] for side in (chosen, rejected) if len(side.turns) > 1]
    asked = len(opening) == 2 and all(turn.role in ("system", "developer", "user") for turn in opening)
    if asked and said_by(opening[0]) != said_by(opening[1]):
        pointer = f"/{rejected.key}/0"
        yield record.finding(f"{chosen.key} and {rejected.key} begin with different turns", pointer=pointer)
