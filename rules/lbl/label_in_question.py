import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.compare import fold, looks_like_label

WORDS = "label|class|category|intent|answer|sentiment|topic|output|target|ground truth"
GATE = rf"(?im)^[^\w\n]*(?:{WORDS})[^\w\n]*[:=][^\w\n]*\w"
MARKER = re.compile(rf"^[^\w\n]{{0,8}}(?:{WORDS})[^\w\n]{{0,4}}[:=][^\w\n]{{0,8}}(\S[^\n]{{0,50}})$", re.I | re.M)
OUTER = " .,;:!?\"'`*_()[]{}<>|\r\t"


@rule("LBL107", help="take the label out of the question", gate=GATE, preview=True)
def label_in_question(message: Message) -> Iterator[Finding]:
    """The question ends up telling its label, on a line such as `category: billing`."""
    answer = message.record.completion
    asked = [turn for turn in message.record.prompt if turn.role == "user"]
    if answer is None or not asked or message.index != asked[-1].index or not looks_like_label(answer.text.strip()):
        return
    marked = list(MARKER.finditer(message.text))
    label = fold(answer.text).strip(OUTER)
    if len(marked) == 1 and label and fold(marked[0][1]).strip(OUTER) == label:
        shown = marked[0][0].strip()[:40]
        span = marked[0].span() if isinstance(message.data.get("content"), str) else None
        yield message.finding(f"question tells the answer: {shown!r}", span=span)
