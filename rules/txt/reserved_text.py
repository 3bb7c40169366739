from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Record, rule
from dslint.passages import passages
from dslint.shapes import Shape


def any_reserved(shape: Shape, *, phrases: tuple[str, ...] = (), ignore_case: bool = False) -> bool:
    """Whether anything is reserved at all."""
    return bool(phrases)


@rule("TXT109", severity="error", help="write it in another way", gate=any_reserved)
def reserved_text(
    record: Record,
    *,
    phrases: Annotated[tuple[str, ...], "texts that the target refuses"] = (),
    ignore_case: Annotated[bool, "whether case does not matter"] = False,
) -> Iterator[Finding]:
    """Text that the target keeps for itself."""
    wanted = [(phrase.lower() if ignore_case else phrase, phrase) for phrase in phrases if phrase]
    for message in (*record.messages, *record.beside):
        for passage in passages(message):
            text = passage.text.lower() if ignore_case else passage.text
            for needle, phrase in wanted:
                start = text.find(needle)
                if start >= 0:
                    said = f"text holds {phrase[:30]!r}, which is reserved"
                    yield passage.finding(said, start, start + len(needle))
