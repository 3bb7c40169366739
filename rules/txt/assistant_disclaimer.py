from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

GATE = (
    r"[Aa]s an (AI|artificial intelligence)|[Aa]s a (large )?(AI )?(language )?model"
    r"|just an AI|作为.{0,4}(AI|人工智能|语言模型|大模型)"
)
# What follows must be the assistant itself: "as an AI engineer" is something else.
DISCLAIMER = regex(
    r"\b[Aa]s (?:an (?:AI|artificial intelligence)|a (?:large )?(?:AI )?(?:language )?model)"
    r"(?: language model| model| assistant| chatbot)?(?=,| I\b)(?!, (?:I go by|my name is|I am (?:called|known)))"
    r"|\bI(?:'m| am) just an AI\b"
    r"|作为(?:一[个名种款])? ?(?:AI|人工智能|语言模型|大模型) ?(?:语言模型|助手|模型)?(?=，|,|我)"
)


@rule("TXT114", help="write what the assistant of your product says", gate=GATE)
def assistant_disclaimer(message: Message) -> Iterator[Finding]:
    """An answer that excuses itself with being an AI language model."""
    for passage in answers(message):
        found = DISCLAIMER.search(passage.text)
        if found:
            yield passage.finding(f"answer says {found[0][:40]!r}", *found.span())
