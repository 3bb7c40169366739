"""The parts that a split is made of: shares, sizes, the rest; folds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dslint.config import ConfigError
from dslint.regex import regex

NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")
SIZE = regex(r"[1-9][0-9]{0,11}")
TAKEN = ("rejected", "rejected.findings", "split")  # what else a split's folder holds
RATIO_NAMES = {2: ("train", "test"), 3: ("train", "validation", "test")}
REST = "rest"
MOST_FOLDS = 100
ROUNDING = 1e-6  # by which shares may miss 100 %


class Part(NamedTuple):
    """One part: its name, and its share of all records or its size; with neither it takes the rest."""

    name: str
    share: float = 0.0
    size: int = 0

    @property
    def asked(self) -> str:
        """As `--into` has it."""
        return f"{100 * self.share:.9g}%" if self.share else str(self.size) if self.size else REST


Parts = tuple[Part, ...]


def by_ratio(ratio: str) -> Parts:
    """`90:10` as train and test, `80:10:10` as train, validation and test. Raises ValueError."""
    try:
        numbers = [float(number) for number in ratio.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) not in RATIO_NAMES or any(not 0 < number < 1e9 for number in numbers):
        raise ValueError(f"{ratio!r} is not like 90:10 or 80:10:10 (--into takes other names, and sizes)")
    return tuple(
        Part(name, number / sum(numbers)) for name, number in zip(RATIO_NAMES[len(numbers)], numbers, strict=True)
    )


def by_name(entries: Iterable[str]) -> Parts:
    """`train=80%`, `golden=200`, `train=rest`. Raises ValueError."""
    parts = tuple(_part(entry) for entry in entries)
    names = [part.name.lower() for part in parts]
    repeated = next((name for name in names if names.count(name) > 1), "")
    if repeated or len(parts) < 2:
        raise ValueError(f"{repeated!r} is named twice" if repeated else "a split has two parts at least")
    rests = [part for part in parts if part.asked == REST]
    shares = sum(part.share for part in parts)
    if len(rests) > 1:
        raise ValueError("only one part can take the rest")
    if not rests and any(part.size for part in parts):
        raise ValueError("with a part of so many records, another must take the rest: train=rest")
    if shares > 1 + ROUNDING or (not rests and shares < 1 - ROUNDING):
        raise ValueError(f"shares come to {100 * shares:.6g} %, not 100 % (one part may be NAME=rest)")
    return parts if rests else tuple(part._replace(share=part.share / shares) for part in parts)


def _part(entry: str) -> Part:
    name, _, amount = (text.strip() for text in entry.partition("="))
    if not NAME.fullmatch(name):
        raise ValueError(f"{entry!r} is not like train=80%, golden=200 or train=rest")
    if name.lower() in TAKEN:
        raise ValueError(f"{name!r} is the name of another file of a split")
    if amount == REST:
        return Part(name)
    if SIZE.fullmatch(amount):
        return Part(name, size=int(amount))
    try:
        share = float(amount.removesuffix("%")) / (100 if amount.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise ValueError(f"{entry!r}: {amount!r} is no share (80% or 0.8), number of records or `rest`")
    return Part(name, share)


def into_folds(count: int) -> Parts:
    """So many parts of the same size. Raises ValueError."""
    if not 2 <= count <= MOST_FOLDS:
        raise ValueError(f"{count} is not from 2 to {MOST_FOLDS}")
    return tuple(Part(f"fold-{number}", 1 / count) for number in range(1, count + 1))


def wanted(parts: Sequence[Part], total: int) -> Mapping[str, float]:
    """How many of `total` records each part should have. Raises ConfigError when there are too few."""
    rows = {part.name: part.size or part.share * total for part in parts}
    left = total - sum(rows.values())
    if left < -ROUNDING * max(total, 1):
        asked = ", ".join(f"{part.name}={part.asked}" for part in parts if part.asked != REST)
        raise ConfigError(f"{asked} is more than the {total:,} records that can be split")
    return {part.name: left if part.asked == REST else rows[part.name] for part in parts}
