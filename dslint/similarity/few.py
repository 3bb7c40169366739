"""The join of a few texts: every pair is compared, in plain Python, so that a small file waits for no import."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from dslint.regex import regex
from dslint.similarity.normal_form import normalise_bytes

SHORTEST = 4  # bytes; shorter texts are only ever equal
NUMBER_BYTES = 300  # shorter texts that differ in their numbers are no near-duplicates
NUMBERS = regex(rb"[0-9]+")

Found = tuple[list[tuple[int, int, float]], list[list[int]], int]


def join_few(texts: Sequence[str], threshold: float) -> Found:
    """(pairs, groups, capped) as in a `Join`."""
    rows: dict[bytes, list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(normalise_bytes(text), []).append(row)
    groups = [group for text, group in rows.items() if text and len(group) > 1]
    return _pairs([(text, group[0]) for text, group in rows.items() if len(text) >= SHORTEST], threshold), groups, 0


def _pairs(distinct: list[tuple[bytes, int]], threshold: float) -> list[tuple[int, int, float]]:
    ordered = sorted(distinct, key=lambda entry: len(entry[0]))
    by_word = [b" ".join(sorted(text.split(b" "))) for text, _ in ordered]
    numbers = [sorted(NUMBERS.findall(text)) for text, _ in ordered]
    least = threshold / 100
    found = []
    for at, (text, row) in enumerate(ordered):
        longest = len(text) * (2 - least) / least + 1e-9  # a longer text has too low a ratio
        for other in range(at + 1, len(ordered)):
            longer, place = ordered[other]
            if len(longer) > longest:
                break
            if len(text) < NUMBER_BYTES and numbers[at] != numbers[other]:
                continue
            score = max(
                fuzz.ratio(text, longer, score_cutoff=threshold),
                fuzz.ratio(by_word[at], by_word[other], score_cutoff=threshold),
            )
            if score >= threshold:
                found.append((min(row, place), max(row, place), round(score, 6)))
    return sorted(found)
