from collections.abc import Iterator

from dslint import Finding, Message, rule


@rule("TXT102", help="decode the source again with the right encoding, or drop the record", gate="\ufffd")
def replacement_character(message: Message) -> Iterator[Finding]:
    """U+FFFD, which a decoder writes in place of bytes it could not read."""
    text = message.text
    first = text.find("\ufffd")
    if first >= 0:
        yield message.finding(f"text holds U+FFFD {text.count(chr(0xFFFD))} times", span=(first, first + 1))
