"""Where texts that are nearly the same differ, and which answers stand against each other, as findings say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from dslint.compare import Answer, answer_of
from dslint.dataset import question
from dslint.exchanges import SHOWN_CHARS
from dslint.findings import Fact, Related, Where

NAMED = 2  # answers that a message names
ANSWER_CHARS = 16  # of an answer in a message
AROUND = 3  # equal words shown on either side of a difference
MAX_WORDS = 400  # of a text that are compared: a finding shows no more than a line anyway
NOTE_CHARS = 140
# The marks around a difference, which text that holds them must not seem to make.
MARKS = str.maketrans({"⟨": "\\u27e8", "⟩": "\\u27e9"})


class Step(NamedTuple):
    """Words of two texts in order: those of both where they are equal, else of one instead of the other's."""

    left: Sequence[str]
    right: Sequence[str]

    @property
    def same(self) -> bool:
        """Whether the words are equal."""
        return self.left == self.right


def aligned(text: str, other: str) -> tuple[str, list[Step]]:
    """What stands between words (" " or nothing), and the steps from one text to the other (MAX_WORDS each)."""
    one_word = " " not in text.strip()
    space = "" if one_word and not text.isascii() else " "  # a script without spaces is compared letter by letter
    left, right = ((side.split() if space else list(side))[:MAX_WORDS] for side in (text, other))
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return space, [Step(left[a:b], right[c:d]) for _, a, b, c, d in codes]


def marked(text: str, other: str) -> str:
    """`other` with the words marked in which it differs from `text`: `I ⟨want → need⟩ a refund ⟨+now⟩ ⟨-please⟩`.

    Of words that are equal only those beside a difference are shown.
    """
    space, steps = aligned(text.translate(MARKS), other.translate(MARKS))
    shown: list[str] = []
    for number, step in enumerate(steps):
        gone, come = space.join(step.left), space.join(step.right)
        if step.same:
            shown += _beside(step.right, number > 0, number < len(steps) - 1)
        else:
            shown.append(f"⟨{gone} → {come}⟩" if gone and come else f"⟨+{come}⟩" if come else f"⟨-{gone}⟩")
    line = space.join(shown)
    return line if len(line) <= NOTE_CHARS else line[: NOTE_CHARS - 1] + "…"


def _beside(words: Sequence[str], after: bool, before: bool) -> list[str]:
    """Equal words without those that stand far from the differences before and after them."""
    head, tail = (AROUND if after else 0), (AROUND if before else 0)
    if len(words) <= head + tail + 1:
        return list(words)
    return [*words[:head], "…", *words[len(words) - tail :]]


def compared(leaked: Fact, others: Iterable[Fact], note: str) -> tuple[Related, ...]:
    """Where these questions stand, each with the words in which it differs from that of the first fact."""
    asked = question(leaked)
    return tuple(
        Related(Where(fact.source, fact.line, answer_of(fact.value).asked_at), _told(note, asked, question(fact)))
        for fact in others
    )


def _told(note: str, asked: str, other: str) -> str:
    return note if asked.split() == other.split() else f"{note}: {marked(asked, other)}"


def opposed(first: Fact, others: Iterable[Fact], *, asked: bool = False) -> tuple[Related, ...]:
    """Where the others' answers stand, and what they are; those that contradict the first come first.

    With `asked` also what tells their questions apart.
    """
    own = answer_of(first.value).digest
    known = [(fact, answer_of(fact.value)) for fact in others]
    return tuple(
        Related(
            Where(fact.source, fact.line, answer.answered_at),
            _told(f"answers {answer.shown!r} to", question(first), question(fact))
            if asked
            else f"answers {answer.shown!r}",
        )
        for fact, answer in sorted(known, key=lambda entry: (entry[1].digest == own, entry[0]))
    )


def verdict(facts: Sequence[Fact]) -> str:
    """Which answers stand against each other: `most say 'billing' (3), line 7 says 'account'`."""
    given: dict[bytes, list[tuple[Fact, Answer]]] = {}
    for fact in sorted(facts):
        answer = answer_of(fact.value)
        given.setdefault(answer.digest, []).append((fact, answer))
    ordered = sorted(given.values(), key=lambda having: -len(having))
    named = ordered[:NAMED]
    texts = told_apart([having[0][1].shown for having in named])
    if len(set(texts)) < len(texts):
        return f"{len(given):,} answers that differ after {SHOWN_CHARS} characters"
    said: list[str] = []
    for having, text in zip(named, texts, strict=True):
        fact, times = having[0][0], len(having)
        most = not said and times * 2 > len(facts) and times > 1
        here = f"line {fact.line}" if fact.source == facts[0].source else "another file"
        said.append(
            f"most say {text!r} ({times:,})"
            if most
            else f"{here} says {text!r}"
            if times == 1
            else f"{times:,} say {text!r}"
        )
    left = len(ordered) - NAMED
    return ", ".join(said) + (f", {left:,} other{'s' if left > 1 else ''}" if left > 0 else "")


def told_apart(texts: Sequence[str]) -> list[str]:
    """The texts cut to what a message has room for, from where they differ if they begin with the same words."""
    cut = [_cut(text) for text in texts]
    if len(set(cut)) == len(set(texts)):
        return cut
    shortest = min(map(len, texts))
    same = next((at for at in range(shortest) if len({text[at] for text in texts}) > 1), shortest)
    start = max(texts[0][:same].rfind(" ") + 1, same - ANSWER_CHARS // 2)
    return ["…" + _cut(text[start:]) for text in texts]


def _cut(text: str) -> str:
    return text if len(text) <= ANSWER_CHARS else text[: ANSWER_CHARS - 1] + "…"
