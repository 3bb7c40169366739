from collections.abc import Iterator

from dslint import Finding, rule
from dslint.shapes import Shape

KNOWN = (
    "messages",
    "conversations",
    "prompt",
    "completion",
    "instruction",
    "output",
    "chosen",
    "rejected",
)
ALIKE = 80.0


@rule("REC110", severity="error", help="rename the key")
def misspelt_key(shape: Shape) -> Iterator[Finding]:
    """A top-level key that looks like a known one, in a record of no known layout."""
    if shape.layout != "unknown":
        return
    from rapidfuzz import fuzz

    for key in shape.keys:
        meant = max(KNOWN, key=lambda known: fuzz.ratio(key.lower(), known))
        if key not in KNOWN and fuzz.ratio(key.lower().strip(), meant) >= ALIKE:
            yield shape.finding(f"key is {key[:30]!r}, meant is {meant!r}", at=key)
