import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers

GATE = (
    r"[Aa]s an (AI|artificial|advanced AI)|arge language model|[Aa]s a language model|just an AI|人工智能|语言模型"
)
DISCLAIMER = re.compile(
    r"\b(?:[Aa]s|I am|I'm|[Ss]ince I am|[Bb]eing) (?:just |only )?an? "
    r"(?:(?:AI|artificial intelligence)(?: (?:language )?model|,? (?:language )?model| assistant)?"
    r"|(?:large )?language model)(?=,|\.| I\b| and I\b| (?:developed|created|trained|designed) by)"
    r"|\bI(?:'m| am) just an AI\b"
    r"|作为(?:一[个名种])? ?(?:AI|人工智能|大型|大)?(?:语言)?(?:模型|助手)|我(?:只)?是一[个名种](?:AI|人工智能)?语言模型"
)


@rule("TXT114", help="write what the assistant of your product says", gate=GATE)
def assistant_disclaimer(message: Message) -> Iterator[Finding]:
    """An answer that excuses itself with being an AI language model."""
    for passage in answers(message):
        found = DISCLAIMER.search(passage.text)
        if found:
            yield passage.finding(f"answer says {found[0][:40]!r}", *found.span())
