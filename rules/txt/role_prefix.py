from collections.abc import Iterator
from itertools import islice

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

NAMES = "Assistant|ASSISTANT|assistant|AI Assistant|Chatbot|ChatGPT"
PREFIX = regex(rf"\A[ \n]{{0,9}}((?:\*\*)?(?:{NAMES})(?::\*\*|\*\*:|:))")
GATE = rf"({NAMES})(:|\*\*:)"


@rule("TXT120", help="cut it off: the role says who speaks", gate=GATE)
def role_prefix(message: Message) -> Iterator[Finding]:
    """An answer that begins with the name of its role: `Assistant:`."""
    for passage in islice(answers(message), 1):
        found = PREFIX.match(passage.text)
        if found:
            yield passage.finding(f"answer begins with {found[1]!r}", *found.span(1))
