import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers

GATE = r"\A\s{0,9}(\*\*)?(Assistant|ASSISTANT|assistant|AI Assistant|Chatbot|ChatGPT)(\*\*)?:"
PREFIX = re.compile(r"\A\s{0,9}((?:\*\*)?(?:Assistant|ASSISTANT|assistant|AI Assistant|Chatbot|ChatGPT)(?:\*\*)?:)")


@rule("TXT120", help="cut it off: the role says who speaks", gate=GATE)
def role_prefix(message: Message) -> Iterator[Finding]:
    """An answer that begins with the name of its role: `Assistant:`."""
    for passage in answers(message):
        found = PREFIX.match(passage.text)
        if found:
            yield passage.finding(f"answer begins with {found[1]!r}", *found.span(1))
