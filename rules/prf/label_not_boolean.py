from collections.abc import Iterator
from typing import Any

from dslint import Finding, Record, rule
from dslint.shapes import Shape, kind_of

KINDS = {
    "text": "text",
    "blank": "text",
    "null": "null",
    "number": "a number",
    "parts": "a list",
    "object": "an object",
}


def is_kto(shape: Shape) -> bool:
    """Whether the record has a label for one answer."""
    return shape.layout == "kto"


def is_verdict(value: Any) -> bool:
    """Whether text means true or false."""
    return isinstance(value, str) and value.strip().lower() in ("true", "false", "yes", "no", "0", "1", "")


@rule("PRF108", severity="error", help="write true or false, without quotes", gate=is_kto)
def label_not_boolean(record: Record) -> Iterator[Finding]:
    """The label of a KTO record is neither true nor false."""
    key = "kto_tag" if "kto_tag" in record.data else "label"
    value = record.data.get(key)
    if isinstance(value, bool):
        return
    shown = repr(value[:20]) if isinstance(value, str) else str(value)[:20] if kind_of(value) == "number" else ""
    state = shown or KINDS[kind_of(value)]
    sure = key == "kto_tag" or not isinstance(value, str) or is_verdict(value)
    yield record.finding(
        f"{key} is {state}, not true or false", pointer=f"/{key}", severity="" if sure else "warning"
    )
