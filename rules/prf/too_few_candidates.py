from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape, kind_of

LABELS = ("preferred", "non-preferred")


def has_candidates(shape: Shape) -> bool:
    """Whether a turn holds several answers to choose from."""
    return any("candidates" in turn.keys for turn in shape.turns)


@rule("PRF114", severity="error", help="write one preferred and one other candidate", gate=has_candidates)
def too_few_candidates(record: Record) -> Iterator[Finding]:
    """Candidates that leave nothing to prefer: fewer than two, or all with one label."""
    for message in record.messages:
        if "candidates" in message.data:
            for fault in _faults(message.data["candidates"], message is record.messages[-1]):
                yield message.finding(fault, key="candidates")


def _faults(candidates: object, last: bool) -> Iterator[str]:
    if not last:
        yield "candidates before the last message"
    elif not isinstance(candidates, list):
        yield f"candidates is {kind_of(candidates)}, not a list"
    elif len(candidates) < 2:
        yield f"{len(candidates)} candidate{'' if len(candidates) == 1 else 's'}, at least 2 are needed"
    else:
        labels = [found.get("preferenceLabel") if isinstance(found, dict) else None for found in candidates]
        unknown = sum(label not in LABELS for label in labels)
        if unknown:
            yield f"{unknown} of {len(labels)} candidates are labelled neither preferred nor non-preferred"
        elif len(set(labels)) == 1:
            yield f"all {len(labels)} candidates are labelled {labels[0]}"
