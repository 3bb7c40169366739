"""Texts for `similarity.py`: real ones, a mixed set of any size with known near copies, and hostile sets.

A set is a file with one text a line, no two of them equal after normalisation (but for the hostile ones), and a
file of near pairs beside it: rows and score, tab-separated. Same folder, name and size, same bytes.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

import numpy as np
from corpus import rows, turns
from rapidfuzz import fuzz, process

from dslint.similarity.normal_form import normalise_bytes

Near = tuple[int, int, float]

SHORTEST, NUMBER_BYTES = 4, 300  # join's own: what it pairs at all, and where numbers have to agree
FLOOR = 80.0
SHORT = 300  # characters of a text that is taken as a request
PLANTED = 0.1  # share of rows that are near copies of an earlier one
JOINTS = ("and", "but", "because", "then", "so", "or", "when", "which")


def real(folder: Path) -> list[str]:
    """The distinct short user texts of a folder, in the order of its files."""
    found: dict[bytes, str] = {}
    for path in sorted(p for p in folder.rglob("*.json*") if p.is_file()):
        for row in rows(path):
            for text in (text for role, text in turns(row) if role == "user" and len(text) <= SHORT):
                found.setdefault(normalise_bytes(text), " ".join(text.split()))
    return [text for plain, text in found.items() if len(plain) >= SHORTEST]


def sentences(folder: Path) -> list[str]:
    """The distinct sentences of every turn in a folder."""
    found: dict[str, None] = {}
    for path in sorted(p for p in folder.rglob("*.json*") if p.is_file()):
        for row in rows(path):
            for _, text in turns(row):
                parts = (" ".join(part.split()) for part in re.split(r"(?<=[.?!])\s+|\n+", text))
                found.update((part, None) for part in parts if 20 <= len(part) <= SHORT)
    return list(found)


class Mixed:
    """Half short requests, a third a few sentences, a tenth long, the rest templates with slots; 250 bytes each."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = Random(seed)
        self.short, self.sentences = real(folder), sentences(folder)
        self.words = [word for text in self.short[:5000] for word in text.split()]

    def text(self) -> str:
        rng, kind = self.rng, self.rng.random()
        if kind < 0.5:
            return self._request()
        if kind < 0.83:
            return " ".join(rng.choices(self.sentences, k=rng.randint(2, 5)))
        if kind < 0.92:
            return " ".join(rng.choices(self.sentences, k=8 + int(min(52, rng.expovariate(1 / 8)))))
        one, two = rng.choice(self.words), rng.choice(self.words)
        return (
            f"My order #{rng.randrange(10**7)} for {rng.randint(1, 99)} {one} {two} has not arrived. Where is it?"
        )

    def _request(self) -> str:
        """The beginning of one real request and of another: almost never said twice."""
        rng = self.rng
        one, two = (rng.choice(self.short).split() for _ in range(2))
        head, tail = (words[: max(2, int(len(words) * rng.uniform(0.4, 1)))] for words in (one, two))
        return " ".join([*head, rng.choice(JOINTS), *tail])

    def copy(self, text: str) -> str:
        """The text with one or, if it is longer, a few small changes of one kind."""
        change = self.rng.choice((self._typo, self._inflect, self._swap, self._insert, self._drop))
        words = text.split()
        for _ in range(1 + len(words) // 40):
            words = change(words)
        return " ".join(words)

    def _typo(self, words: list[str]) -> list[str]:
        at = self.rng.randrange(len(words))
        word, place = words[at], self.rng.randrange(len(words[at]))
        letter = self.rng.choice("abcdefghijklmnopqrstuvwxyz")
        changed = self.rng.choice((word[:place] + letter + word[place + 1 :], word[:place] + letter + word[place:]))
        return [*words[:at], changed, *words[at + 1 :]]

    def _inflect(self, words: list[str]) -> list[str]:
        at = self.rng.randrange(len(words))
        return [*words[:at], words[at] + self.rng.choice(("s", "ed", "ing")), *words[at + 1 :]]

    def _swap(self, words: list[str]) -> list[str]:
        at = self.rng.randrange(max(1, len(words) - 1))
        return [*words[:at], *words[at : at + 2][::-1], *words[at + 2 :]]

    def _insert(self, words: list[str]) -> list[str]:
        at = self.rng.randrange(len(words) + 1)
        return [*words[:at], self.rng.choice(self.words), *words[at:]]

    def _drop(self, words: list[str]) -> list[str]:
        at = self.rng.randrange(len(words))
        return [*words[:at], *words[at + 1 :]] if len(words) > 2 else words


def mixed(folder: Path, count: int, seed: int = 1) -> tuple[list[str], list[Near]]:
    """So many texts and the planted pairs among them, each with its true score."""
    make, texts, plains, planted = Mixed(folder, seed), [], [], []
    seen: set[bytes] = set()
    while len(texts) < count:
        of = make.rng.randrange(len(texts)) if texts and make.rng.random() < PLANTED else None
        text = make.text() if of is None else make.copy(texts[of])
        plain = normalise_bytes(text)
        if plain in seen or len(plain) < SHORTEST:
            continue
        seen.add(plain)
        if of is not None and (score := likeness(plains[of], plain)) >= FLOOR:
            planted.append((of, len(texts), score))
        texts.append(text)
        plains.append(plain)
    return texts, planted


def likeness(one: bytes, other: bytes) -> float:
    """The score that join defines, of normalised texts: 0 where short texts have other numbers."""
    short = min(len(one), len(other)) < NUMBER_BYTES
    if short and sorted(re.findall(rb"[0-9]+", one)) != sorted(re.findall(rb"[0-9]+", other)):
        return 0.0
    return max(fuzz.ratio(one, other), fuzz.ratio(by_word(one), by_word(other)))


def by_word(text: bytes) -> bytes:
    return b" ".join(sorted(text.split(b" ")))


def brute_force(texts: list[str]) -> list[Near]:
    """All pairs at FLOOR or above, by a matrix of scores and nothing else but the limit that lengths set."""
    plains = [normalise_bytes(text) for text in texts]
    order = sorted(range(len(plains)), key=lambda row: len(plains[row]))
    lengths = np.array([len(plains[row]) for row in order])
    pairs: set[tuple[int, int]] = set()
    for form in (plains, list(map(by_word, plains))):
        ordered = [form[row] for row in order]
        for lo in range(0, len(ordered), 500):
            rest = ordered[lo : int(np.searchsorted(lengths, lengths[lo : lo + 500][-1] * 1.5 + 1, "right"))]
            matrix = process.cdist(ordered[lo : lo + 500], rest, scorer=fuzz.ratio, score_cutoff=FLOOR)
            for a, b in zip(*(side.tolist() for side in np.nonzero(matrix)), strict=True):
                if a < b:
                    one, other = order[lo + a], order[lo + b]
                    pairs.add((min(one, other), max(one, other)))
    scored = ((a, b, likeness(plains[a], plains[b])) for a, b in sorted(pairs))
    return [near for near in scored if near[2] >= FLOOR]


def words_of(rng: Random) -> Callable[[], str]:
    syllables = ["ka", "ro", "mi", "ten", "sul", "bar", "vi", "do", "lex", "pan", "qui", "zor"]
    return lambda: "".join(rng.choices(syllables, k=3))


def hostile(folder: Path, count: int) -> Iterator[tuple[str, list[str]]]:
    """Sets that a join by buckets or by all pairs does not finish, by name."""
    rng = Random(3)
    word, number, each = words_of(rng), rng.randrange, range(count)
    request = "how do i reset my password please"
    yield "number template", [f"Make invoice {number(10**7)} for customer {number(10**5)}, due 2024" for _ in each]
    yield "word template", [f"Dear {word()}, please confirm your visit to doctor {word()} next week" for _ in each]
    prompt = "You are a helpful assistant. Follow the rules below. " * 10
    yield "long word template", [f"{prompt}Classify the product {word()} {word()}." for _ in each]
    yield "all equal", ["How do I reset my password?"] * count
    yield "equal but for case", ["".join(rng.choice((c, c.upper())) for c in request) for _ in each]
    yield "tiny", ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(1, 8))) for _ in each]
    yield "digits", [str(number(10**9)) for _ in each]
    yield "one letter repeated", ["a" * rng.randint(1, 2000) for _ in range(count // 5)]
    yield "documents of 100 KB", documents(folder, count * 600 // 100_000, rng)
    families = [f"{word()} {word()} {word()} {word()} " * 2 for _ in range(max(1, count // 500))]
    yield "families of 500", [f"{family}asks {word()}" for family in families for _ in range(500)]
    few = [word() for _ in range(12)]
    yield "twelve words in any order", [" ".join(rng.choices(few, k=10)) for _ in each]


def documents(folder: Path, count: int, rng: Random) -> list[str]:
    """Long texts, the second half copies of the first with 200 letters changed in each."""
    pool, made = sentences(folder), []
    for _ in range(max(1, count // 2)):
        text = " ".join(rng.choices(pool, k=1200))[:100_000]
        made.append(text)
    edited = []
    for text in made:
        letters = list(text)
        for _ in range(200):
            letters[rng.randrange(len(letters))] = "x"
        edited.append("".join(letters))
    return made + edited


def write(path: Path, texts: Iterable[str], near: Iterable[Near] = ()) -> None:
    path.with_suffix(".pairs").write_text("".join(f"{a}\t{b}\t{score:.6f}\n" for a, b, score in near))
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{text}\n" for text in texts)
    part.replace(path)


def read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def main(data: str, count: str, out: str) -> None:
    """The real texts of a folder and all near pairs among them, or so many mixed ones and the planted pairs."""
    if int(count):
        write(Path(out), *mixed(Path(data), int(count)))
    else:
        texts = real(Path(data))
        write(Path(out), texts, brute_force(texts))


if __name__ == "__main__":
    main(*sys.argv[1:])
