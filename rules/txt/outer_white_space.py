from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, rule
from dslint.passages import Passage, edited, imitated, passages, rendered

SPACE = " \t\r\n"
GATE = rf"^[{SPACE}]|[{SPACE}]$"


def _looked_at(message: Message) -> bool:
    """A turn of one string that is an answer; legacy completions begin with a space by design."""
    return imitated(message) and not message.parts and not rendered(message.record)


def stripped(passage: Passage) -> str:
    """The text of an answer without white space at its ends; a blank one stays."""
    return passage.text.strip(SPACE) or passage.text if _looked_at(passage.message) else passage.text


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return edited(data, stripped)


@rule("TXT118", severity="info", help="cut it off", gate=GATE, fix=_plain, preview=True)
def outer_white_space(message: Message) -> Iterator[Finding]:
    """An answer that begins or ends with white space."""
    if not _looked_at(message):
        return
    for passage in passages(message):
        text = passage.text
        if text.strip() and text != text.strip(SPACE):
            left, right = len(text) - len(text.lstrip(SPACE)), len(text.rstrip(SPACE))
            side = "begins" if left else "ends"
            yield passage.finding(f"answer {side} with white space", *((0, left) if left else (right, len(text))))
