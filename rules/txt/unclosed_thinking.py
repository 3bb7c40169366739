import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers

OPENED = re.compile(r"\A\s{0,99}<(think|thinking|reasoning)>")


@rule("TXT119", severity="error", help="close the tag before the answer", gate=r"\A\s{0,99}<(think|reasoning)")
def unclosed_thinking(message: Message) -> Iterator[Finding]:
    """An answer that begins to think and never comes to an end of it."""
    for passage in answers(message):
        opened = OPENED.match(passage.text)
        if opened and f"</{opened[1]}>" not in message.text:
            yield passage.finding(f"<{opened[1]}> is never closed", opened.start(1) - 1, opened.end())
