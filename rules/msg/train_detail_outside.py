from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape


def has_details(shape: Shape) -> bool:
    """Whether a message says which of its characters are trained on."""
    return any("train_detail" in turn.keys for turn in shape.turns)


@rule(
    "MSG131",
    severity="error",
    help="count characters of the content from 0, the last one included",
    gate=has_details,
)
def train_detail_outside(record: Record) -> Iterator[Finding]:
    """Offsets of axolotl's `train_detail` that lie outside the text or run backwards."""
    for message in record.messages:
        details = message.data.get("train_detail")
        if not isinstance(details, list) or not isinstance(message.data.get("content"), str):
            continue
        for place, detail in enumerate(details):
            fault = _fault(detail, len(message.text))
            if fault:
                yield message.finding(fault, key=f"train_detail/{place}")


def _fault(detail: object, length: int) -> str:
    if not isinstance(detail, dict):
        return "train_detail is not an object"
    begin, end = detail.get("begin_offset"), detail.get("end_offset")
    if not (isinstance(begin, int) and isinstance(end, int)) or isinstance(begin, bool) or isinstance(end, bool):
        return "train_detail has no begin_offset and end_offset as integers"
    if begin < 0 or end > length:
        return f"train_detail from {begin} to {end}, text has {length:,} characters"
    return f"train_detail begins at {begin} and ends at {end}" if begin > end else ""
