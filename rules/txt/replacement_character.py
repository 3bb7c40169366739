from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages


@rule("TXT102", help="decode the source again in its own encoding, or drop the record", gate="\ufffd")
def replacement_character(message: Message) -> Iterator[Finding]:
    """U+FFFD, which a decoder writes in place of bytes it could not read."""
    for passage in passages(message):
        first, times = passage.text.find("\ufffd"), passage.text.count("\ufffd")
        if times and passage.text != "\ufffd":  # a text of nothing else speaks of the character
            more = f" and {times - 1:,} more" if times > 1 else ""
            yield passage.finding(f"U+FFFD in place of a character{more}", first, first + 1)
