from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

NAMES = (
    "ChatGPT|GPT-[345][a-z0-9.-]*|OpenAI|Claude|Anthropic|Gemini|Bard|Google"
    "|DeepSeek|Qwen|Tongyi|LLaMA|Llama|Mistral|Grok|xAI"
)
GATE = NAMES
IDENTITY = regex(
    rf"\b(?:I am|I'm|[Mm]y name is|called) (?:{NAMES})\b"
    rf"|\bI(?: am|'m| was)\b[^.\n]{{0,60}}\b(?:developed|created|trained|made|built) by (?:{NAMES})\b"
    rf"|我(?:是|叫)(?:{NAMES})|由(?:{NAMES})(?:开发|训练|创建|研发)"
)


@rule("TXT115", help="write the name of your own assistant", gate=GATE, preview=True)
def vendor_identity(message: Message) -> Iterator[Finding]:
    """An answer in which the assistant gives itself the name or the maker of another."""
    for passage in answers(message):
        found = IDENTITY.search(passage.text)
        if found:
            yield passage.finding(f"answer says {found[0][:50]!r}", *found.span())
