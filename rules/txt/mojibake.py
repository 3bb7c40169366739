import re
from collections.abc import Iterator
from typing import Any

from dslint import Finding, Message, rule
from dslint.passages import Passage, edited, passages

# What UTF-8 becomes when it is read as Latin-1, Windows-1252 or their kin: a lead byte as a letter, and no ASCII.
GATE = "([ÂÃâðÄÅ])[^\\x00-\\x7E]|([ÐÑØÙÎÏ×])[^\\x00-\\x7E]|([ãäåæçèé])[\\x{80}-\\x{BF}‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
FOREIGN = re.compile(r"[^\x00-\x7e]+")


def _repaired(text: str) -> str:
    import ftfy

    return ftfy.fix_encoding(text)


def decode_again(passage: Passage) -> str:
    """The text decoded as it should have been."""
    return _repaired(passage.text)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return edited(data, decode_again)


@rule("TXT101", help="decode the source as UTF-8", gate=GATE, fix=_plain)
def mojibake(message: Message) -> Iterator[Finding]:
    """Text that was written in one encoding and read in another: `Ã©` for é."""
    from ftfy.badness import badness

    for passage in passages(message):
        text, meant = passage.text, _repaired(passage.text)
        if meant == text or badness(meant) >= badness(text):
            continue
        place = next((place for place, pair in enumerate(zip(text, meant, strict=False)) if pair[0] != pair[1]), 0)
        found = next((run for run in FOREIGN.finditer(text) if run.end() > place), None)
        if found is not None:
            shown = found[0][:12]
            yield passage.finding(f"{shown!r} is {_repaired(shown)!r} in the wrong encoding", *found.span())
