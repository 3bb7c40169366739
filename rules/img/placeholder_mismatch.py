from collections.abc import Iterator

from dslint import Finding, Record, rule
from dslint.shapes import Shape

# Trainers' keys for media, and the mark in the text that stands for one of them.
MARKS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}


def lists_media(shape: Shape) -> bool:
    """Whether the record has a list of media beside its turns."""
    return any(key in shape.keys for key in MARKS)


@rule("IMG109", severity="error", help="write one placeholder for each", gate=lists_media)
def placeholder_mismatch(record: Record) -> Iterator[Finding]:
    """Another number of `<image>` placeholders in the text than of entries in `images`."""
    for key, mark in MARKS.items():
        entries = record.data.get(key)
        if not isinstance(entries, list):
            continue
        parts = [
            part.get("type") for message in record.messages for part in message.parts if isinstance(part, dict)
        ]
        marks = sum(message.text.count(mark) for message in record.messages) + parts.count(mark[1:-1])
        if marks and marks != len(entries):
            said = f"placeholders {mark} in the text: {marks}, entries of {key}: {len(entries)}"
            yield record.finding(said, pointer=f"/{key}")
