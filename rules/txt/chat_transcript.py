from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import answers
from dslint.regex import regex

GATE = r"\n(\*\*)?(User|Human|USER|HUMAN|用户)(\*\*)?[:：]"
ASKED = regex(r"\n(?:\*\*)?(?:User|Human|USER|HUMAN|用户)(?:\*\*)?[:：]")
ANSWERED = regex(r"(?:\A|\n)\s{0,9}(?:\*\*)?(?:Assistant|AI|Bot|ASSISTANT|GPT|Chatbot|助手)(?:\*\*)?[:：]")


@rule("TXT121", help="write each speaker as a turn of its own", gate=GATE, preview=True)
def chat_transcript(message: Message) -> Iterator[Finding]:
    """An answer that goes on with the user's next question, and its answer."""
    for passage in answers(message):
        asked = ASKED.search(passage.text)
        if asked and ANSWERED.search(passage.text):
            yield passage.finding("answer goes on with the user's turn", asked.start() + 1, asked.end())
