from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.regex import regex
from dslint.shapes import Shape, kind_of

NAME = regex(r"[A-Za-z0-9_-]{1,64}")
SPEAKERS = ("system", "developer", "user", "assistant")
MAX_CHARS = 64
KINDS = {"parts": "a list", "object": "an object"}


def has_names(shape: Shape) -> bool:
    """Whether a speaker has a name."""
    return any("name" in turn.keys and turn.role in SPEAKERS for turn in shape.turns)


@rule("MSG122", help="write the name with letters, digits, _ and - only", gate=has_names)
def bad_name(record: Record) -> Iterator[Finding]:
    """A speaker's name that is no string, or has characters other than letters, digits, _ and -."""
    for message in record.messages:
        name = message.data.get("name")
        if name is None or message.role not in SPEAKERS:
            continue
        if not isinstance(name, str):
            kind = kind_of(name)
            yield message.finding(f"name is {KINDS.get(kind, kind)}, not a string", key="name")
        elif not name:
            yield message.finding("name is empty", key="name")
        elif len(name) > MAX_CHARS:
            yield message.finding(f"name has {len(name):,} characters, {MAX_CHARS} are allowed", key="name")
        elif not NAME.fullmatch(name):
            yield message.finding("name has other characters than A-Z, a-z, 0-9, _ and -", key="name")
