import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.exchanges import looks_like_label
from dslint.nfkc import fold
from dslint.passages import passages
from dslint.regex import regex

WORDS = "label|class|category|intent|answer|sentiment|topic|output|target|ground truth"
GATE = rf"(?im)^[^\w\n]*(?:{WORDS})[^\w\n]*[:=][^\w\n]*\w"
MARKER = regex(rf"^[^\w\n]{{0,8}}(?:{WORDS})[^\w\n]{{0,4}}[:=][^\w\n]{{0,8}}(\S[^\n]{{0,50}})$", re.I | re.M)
OUTER = " .,;:!?\"'`*_()[]{}<>|\r\t"


@rule("LBL107", help="take the label out of the question", gate=GATE, preview=True)
def label_in_question(message: Message) -> Iterator[Finding]:
    """The question tells its label, on a line such as `category: billing`."""
    answer = message.record.completion
    asked = [turn.index for turn in message.record.prompt if turn.role == "user"]
    if answer is None or asked[-1:] != [message.index] or not looks_like_label(answer.text.strip()):
        return
    label = fold(answer.text).strip(OUTER)
    for passage in passages(message):
        marked = list(MARKER.finditer(passage.text))
        if len(marked) == 1 and label and fold(marked[0][1]).strip(OUTER) == label:
            yield passage.finding(f"question tells the answer: {marked[0][0].strip()[:40]!r}", *marked[0].span())
