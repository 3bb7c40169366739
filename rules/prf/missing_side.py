from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.misspelt import meant
from dslint.preferences import is_preference, sides


@rule("PRF103", severity="error", help="write both answers, or drop the pair", gate=is_preference)
def missing_side(record: Record) -> Iterator[Finding]:
    """A preference pair without the answer to prefer or the one to reject."""
    chosen, rejected = sides(record)
    if chosen.key == "messages" and not chosen.turns:
        yield record.finding("conversation does not end with the answer to prefer", pointer=chosen.pointer)
    for side in (chosen, rejected):
        if not side.present and side.key != "messages":
            if any(meant(key) == side.key for key in record.data):
                continue  # misspelt-key says so
            yield record.finding(f"pair has no {side.key}")
        elif side.value == [] or side.value == {}:
            yield record.finding(f"{side.key} is empty", pointer=side.pointer)
        elif side is rejected and side.turns and side.blank and not _odd(side.turns[-1].data.get("content")):
            state = "blank" if side.text else "null" if side.value is None else "empty"
            yield record.finding(f"{side.key} is {state}", pointer=side.pointer)


def _odd(content: object) -> bool:
    """Whether the content is of a type that no text can be: another fault than none."""
    return isinstance(content, (bool, int, float, dict))
