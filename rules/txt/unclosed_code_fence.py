import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

# A fence that names its language opens a block; behind this one none follows.
GATE = r"```[A-Za-z]([^`]|`[^`]|``[^`])*\z"
OPENED = regex(r"^[ \t]{0,12}(```[A-Za-z][A-Za-z0-9+#-]{0,20})[ \t]*$", re.M)


@rule("TXT117", help="write the rest of the code, or close the fence", gate=GATE, preview=True)
def unclosed_code_fence(message: Message) -> Iterator[Finding]:
    """An answer that ends inside a block of code."""
    for last in list(answers(message))[-1:]:
        text = last.text
        opened = OPENED.search(text, text.rfind("\n", 0, max(0, text.rfind("```"))) + 1)
        if opened:
            yield last.finding("block of code is never closed", *opened.span(1))
