"""Whether two near-duplicates ask for the same thing, told by the words in which they differ.

Likeness alone does not tell: of 215 pairs of real requests above 90 that carry different labels 42 contradict
each other; of the 57 that pass this guard 47 do (banking77 and clinc150, read by hand by one reader).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import filterfalse, pairwise
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, Indel, Postfix, Prefix

from dslint.similarity.choosing import checks
from dslint.similarity.lexicon import Lexicon, lexicon, stem, words

# The guard reads small differences only: edits of characters, and words not in both texts.
MAX_EDITS, MAX_WORDS = 32, 64
# A word in at most this many texts may be a misspelling of another.
RARE = 3
# Texts from which counting in columns pays for importing polars.
MANY = 10_000
# Texts whose words are counted at least, where there are so many.
MOST = 50_000


def rarity(texts: Sequence[str], left_out: Collection[int] = ()) -> dict[str, int]:
    """In how many of the texts, some rows left out, each word occurs; of many texts only words that are not rare.

    Of twice MOST texts and more only a share is looked at, MOST or half as many again, chosen by content: in a
    larger set every misspelling of a frequent word is found more often than a rare word in a smaller one.
    """
    number = len(texts) - len(left_out)
    share = number // MOST
    if share > 1:
        chosen = (row for row, check in enumerate(checks(texts)) if check % share == 0 and row not in left_out)
        looked_at = (texts[row] for row in chosen)
    else:
        looked_at = (text for row, text in enumerate(texts) if row not in left_out)
    if number > MANY:
        from dslint.similarity.frequency import count_words

        return count_words(looked_at, above=RARE)
    counts: Counter[str] = Counter()
    for text in looked_at:
        counts.update(set(words(text)))
    return dict(counts)


class Difference(NamedTuple):
    """What tells two texts apart: why they are different requests, and the words of one that mean something.

    `reason` is "" when only typos, inflections or neutral words tell them apart, else "length" (the difference is
    too large to judge), "number", "negation", "word" (a word that means something), "modal" (will, can, should),
    "roles" (you ... me against me ... you, from a against from b) or "reordered" (the same words in another order).
    `words` are none where the difference is large, or lies in who does what to whom: there they say too little.
    """

    reason: str
    words: frozenset[str] = frozenset()


def guard(a: str, b: str, rarity: Mapping[str, int]) -> str:
    """Why two texts are different requests, "" when they are not: the reason of a `Difference`."""
    return difference_of(a, b, rarity).reason


def difference_of(a: str, b: str, rarity: Mapping[str, int]) -> Difference:
    """What tells two texts apart. `rarity` is that of the whole data set."""
    lists = lexicon()
    left, right = words(a), words(b)
    only_left, only_right = _difference(left, right)
    if _too_long(only_left, only_right):
        return Difference("length")
    partners = _partners(only_left, only_right, rarity, lists)
    telling = [word for word in only_left + only_right if word not in lists.neutral]
    if _joined(only_left, only_right):
        only_left, only_right = [], []
    reason = _meaning(only_left, only_right, lists) or _order(left, [partners.get(w, w) for w in right], lists)
    return Difference(reason, frozenset(telling if telling and _whose(left, lists) == _whose(right, lists) else ()))


def _difference(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """The words left over on either side when equal words cancel, in order."""
    first = Prefix.similarity(left, right)
    left, right = left[first:], right[first:]
    last = Postfix.similarity(left, right)
    left, right = left[: len(left) - last], right[: len(right) - last]
    return _cancelled(left, right) if left and right else (left, right)


def _cancelled(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Both without the words that they share, as often as they do; what is cancelled is what comes first."""
    waiting = Counter(right)
    only_left = []
    for word in left:
        times = waiting.get(word)
        if times:
            waiting[word] = times - 1
        else:
            only_left.append(word)
    only_right = []
    for word in reversed(right):
        times = waiting[word]
        if times:
            waiting[word] = times - 1
            only_right.append(word)
    return only_left, only_right[::-1]


def _too_long(left: list[str], right: list[str]) -> bool:
    if len(left) + len(right) > MAX_WORDS:
        return True
    one, other = " ".join(left), " ".join(right)
    return Indel.distance(one, other, score_cutoff=MAX_EDITS) > MAX_EDITS


def _partners(left: list[str], right: list[str], rarity: Mapping[str, int], lists: Lexicon) -> dict[str, str]:
    """Cancel words that spell or inflect the same word, in place; the word on the left for each on the right."""
    partners = {}
    for word in left[:]:
        match = next(
            (other for other in right if other[0] == word[0] and _same_word(word, other, rarity, lists)), None
        )
        if match is not None:
            left.remove(word)
            right.remove(match)
            partners[match] = word
    return partners


def _same_word(word: str, other: str, rarity: Mapping[str, int], lists: Lexicon) -> bool:
    if not (_inflected(word, other) or _misspelt(word, other, rarity)):
        return False
    return not (_has_number([word, other], lists) or _reversed(word, other, lists))


def _inflected(word: str, other: str) -> bool:
    if word[:3] == other[:3] and stem(word) == stem(other):  # a stem keeps three letters
        return True
    return max(len(word), len(other)) >= 6 and word.replace("ise", "ize") == other.replace("ise", "ize")


def _misspelt(word: str, other: str, rarity: Mapping[str, int]) -> bool:
    longer = max(len(word), len(other))
    if longer < 4 or min(rarity.get(word, 0), rarity.get(other, 0)) > RARE:
        return False
    edits = 1 if longer < 8 else 2
    return DamerauLevenshtein.distance(word, other, score_cutoff=edits) <= edits


def _has_number(found: list[str], lists: Lexicon) -> bool:
    letters = "".join(found)
    return not lists.numbers.isdisjoint(found) or (not letters.isalpha() and any(map(str.isdigit, letters)))


def _reversed(word: str, other: str, lists: Lexicon) -> bool:
    """Whether a prefix that reverses the meaning tells the words apart."""
    short, long = sorted((word, other), key=len)
    return any(long == prefix + short for prefix in lists.reversing_prefixes)


def _joined(left: list[str], right: list[str]) -> bool:
    """Whether what is left differs in spaces only: top up, topup."""
    return "".join(left) == "".join(right)


def _meaning(left: list[str], right: list[str], lists: Lexicon) -> str:
    """The reason in the words that are left, "" when they mean nothing."""
    rest = left + right
    if _has_number(rest, lists):
        return "number"
    if sum(map(lists.negation.__contains__, rest)) % 2:
        return "negation"
    if _content(rest, lists):
        return "word"
    one, other = _modals(left, lists), _modals(right, lists)
    if one and other and one != other:
        return "modal"
    duty = ("duty" in one and not other and right) or ("duty" in other and not one and left)
    return "modal" if duty else ""


def _modals(found: list[str], lists: Lexicon) -> list[str]:
    return sorted(lists.modal[word] for word in found if word in lists.modal)


def _order(left: list[str], right: list[str], lists: Lexicon) -> str:
    """The reason in the order of the words, "" when it is the same."""
    if _whose(left, lists) != _whose(right, lists):
        return "roles"
    if lists.endpoints & {*left} & {*right} and _ends(left, lists) != _ends(right, lists):
        return "roles"
    return "" if _content(left, lists) == _content(right, lists) else "reordered"


def _whose(found: list[str], lists: Lexicon) -> list[str]:
    return list(filter(lists.pronouns.__contains__, found))


def _ends(found: list[str], lists: Lexicon) -> list[str]:
    """The words that follow an endpoint."""
    return [after for word, after in pairwise(found) if word in lists.endpoints]


def _content(found: list[str], lists: Lexicon) -> str:
    """The words that mean something, in order, run together."""
    return "".join(filterfalse(lists.meaningless.__contains__, found))
