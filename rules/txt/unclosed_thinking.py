from collections.abc import Iterator
from itertools import islice

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

GATE = "<(think|reasoning)"
# A closing tag alone is right where the template opens it.
OPENED = regex(r"\A[ \t\r\n]{0,99}<(think|thinking|reasoning)>")


@rule("TXT119", severity="error", help="close the tag before the answer", gate=GATE)
def unclosed_thinking(message: Message) -> Iterator[Finding]:
    """An answer that begins to think and never comes to an end of it."""
    for passage in islice(answers(message), 1):
        opened = OPENED.match(passage.text)
        if opened and f"</{opened[1]}>" not in message.text:
            yield passage.finding(f"<{opened[1]}> is never closed", opened.start(1) - 1, opened.end())
