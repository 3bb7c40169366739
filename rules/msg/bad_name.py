import re
from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def names_somebody(shape: Shape) -> bool:
    """Whether a message has a name."""
    return any("name" in turn.keys for turn in shape.turns)


@rule("MSG122", help="use 1 to 64 letters, digits, _ and -", gate=names_somebody)
def bad_name(record: Record) -> Iterator[Finding]:
    """A message whose `name` is no string, or holds other characters than providers take."""
    for message in record.messages:
        name = message.data.get("name", "x")
        if name is not None and not (isinstance(name, str) and NAME.fullmatch(name)):
            what = "is not a string" if not isinstance(name, str) else "has other characters than A-Z a-z 0-9 _ -"
            yield message.finding(f"name {what if name != '' else 'is empty'}", key="name")
