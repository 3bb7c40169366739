from collections.abc import Iterator
from typing import Annotated

from dslint import Finding, Message, rule
from dslint.passages import imitated, passages
from dslint.prose import in_code
from dslint.regex import regex

# Ends in a letter, a comma, or an open bracket; not in the last line of a list, a table or a link.
GATE = r"[a-zà-ÿ,(][ \t\r\n]*\z"
END = regex(r"[a-zà-ÿ,(][ \t\r\n]*\Z")
LISTED = regex(r"\s*(?:[-*+•|#>]|\d+[.)]|[A-Za-z][A-Za-z ]{0,30}:|https?://)")


@rule("TXT116", severity="info", help="write the end, or cut at the last sentence", gate=GATE, preview=True)
def unfinished_answer(
    message: Message, *, min_chars: Annotated[int, "characters below which an answer is not looked at"] = 300
) -> Iterator[Finding]:
    """A long answer that stops in the middle of a sentence."""
    *_, last = [None, *passages(message)]
    if last is None or not imitated(message) or message.tool_calls or len(last.text) < min_chars:
        return
    text = last.text.rstrip(" \t\r\n")
    line = text[text.rfind("\n") + 1 :]
    if END.search(text) and len(line.split()) >= 8 and not LISTED.match(line) and not in_code(text)(len(text) - 1):
        yield last.finding("answer ends in the middle of a sentence", max(0, len(text) - 20), len(text))
