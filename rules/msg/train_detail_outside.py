from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, Record, rule
from dslint.shapes import Shape


def marks_parts(shape: Shape) -> bool:
    """Whether a message says which of its characters are trained on."""
    return any("train_detail" in turn.keys for turn in shape.turns)


def _fault(detail: Any, message: Message) -> str:
    if not isinstance(detail, dict):
        return "train_detail entry is not an object"
    begin, end = detail.get("begin_offset"), detail.get("end_offset")
    if not isinstance(begin, int) or not isinstance(end, int):
        return "train_detail entry has no begin_offset and end_offset"
    length = len(message.text)
    if not 0 <= begin <= end < max(length, 1):
        return f"train_detail {begin} to {end} lies outside of the text, which has {length} characters"
    return ""


@rule("MSG131", severity="error", help="count characters of the content from 0, the end included", gate=marks_parts)
def train_detail_outside(record: Record) -> Iterator[Finding]:
    """axolotl's `train_detail` with offsets outside of the content."""
    for message in record.messages:
        details = message.data.get("train_detail")
        for place, detail in enumerate(details if isinstance(details, list) else []):
            fault = _fault(detail, message)
            if fault:
                yield message.finding(fault, key=f"train_detail/{place}")
