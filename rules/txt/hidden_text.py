import re
from collections.abc import Iterator

from dslint import Finding, Message, rule
from dslint.passages import passages
from dslint.regex import regex

# Tag characters, and the letters a, e, i, n, o, t, u and the space as variation selectors spell them. In groups of
# ten, each of which a search engine takes for literals.
TENS = "|".join(f"([\\x{{{first:X}}}-\\x{{{min(first + 9, 0xE007F):X}}}])" for first in range(0xE0000, 0xE0080, 10))
COMMON = "".join(chr(0xE0100 + ord(letter) - 16) for letter in "aeinotu ")
GATE = f"{TENS}|[{COMMON}]"
SELECTORS = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
# The flags of England, Scotland, Wales are a black flag, tags, and a closing tag.
HIDDEN = regex(
    "\U0001f3f4[\U000e0030-\U000e007a]{1,8}\U000e007f"
    f"|(?P<tags>[\U000e0000-\U000e007f]+)|(?P<selectors>{SELECTORS}{{4,}})"
)
SPOKEN = regex(f"[{COMMON}]")


def _speaks(run: re.Match[str]) -> bool:
    return bool(run["tags"] or (run["selectors"] and SPOKEN.search(run[0])))


@rule("TXT106", severity="error", help="remove it, and ask where the text came from", gate=GATE)
def hidden_text(message: Message) -> Iterator[Finding]:
    """Text written in tag characters or variation selectors, which no screen shows."""
    for passage in passages(message):
        found = next((run for run in HIDDEN.finditer(passage.text) if _speaks(run)), None)
        if found is not None:
            yield passage.finding(f"{len(found[0]):,} characters of hidden text", *found.span())
