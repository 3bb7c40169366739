"""What training costs: prices and ways of billing, read from `rules/prices/*.toml`, each with source and date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dslint.config import suggest
from dslint.findings import Fact
from dslint.loader import builtin
from dslint.stats import Measured
from dslint.targets import Target, TargetError

HELD_OUT = ("validation", "test")
DATE = r"-\d{4}-\d{2}-\d{2}$"


class Epochs(NamedTuple):
    """How many epochs a provider trains when a job asks for none."""

    usual: int
    fewest: int
    most: int
    limit: int

    def for_examples(self, examples: int) -> int:
        """Epochs for a set of so many examples."""
        if examples * self.usual < self.fewest:
            return min(self.most, self.fewest // max(examples, 1))
        return max(1, self.limit // examples) if examples * self.usual > self.limit else self.usual


@dataclass(frozen=True)
class Prices:
    """What is known of a target: US dollars per million trained tokens by model, and what is billed.

    `as_of` is when the prices held, `source` and `checked` where and when they were read; `cut_at_limit` names the
    rule beyond whose limit tokens are not billed ("": all are), `by_the_hour` layouts not billed by tokens.
    """

    models: Mapping[str, float]
    as_of: str = ""
    source: str = ""
    checked: str = ""
    cut_at_limit: str = ""
    by_the_hour: tuple[str, ...] = ()
    epochs: Epochs | None = None

    def of(self, model: str) -> Mapping[str, float]:
        """The price of one model, which may be named without its date. Raises TargetError when it is not known."""
        found = {name: price for name, price in self.models.items() if model in (name, re.sub(DATE, "", name))}
        if not found:
            known = f"{suggest(model, self.models)}; known: {', '.join(self.models)}" if self.models else ""
            raise TargetError(f"no price is known for model {model!r}{known}")
        return found


def names() -> list[str]:
    """The targets whose prices are known."""
    return sorted(path.stem for path in (builtin() / "prices").glob("*.toml"))


def load(target: str) -> Prices:
    """What is known of a target's prices, nothing where there is no file."""
    if target not in names():
        return Prices({})
    table: dict[str, Any] = tomllib.loads((builtin() / "prices" / f"{target}.toml").read_text("utf-8"))
    billing, epochs = table["billing"], table["epochs"]
    return Prices(
        table["models"],
        table["as-of"],
        table["source"],
        str(table["checked"]),
        billing["cut-at-limit"]["value"],
        tuple(billing["by-the-hour"]["value"]),
        Epochs(*(epochs[name] for name in Epochs._fields)),
    )


class Bill(NamedTuple):
    """What would be billed: `examples` trained on and their `tokens`, of which `billed` count once per epoch.

    `cut` is the number of examples beyond the target's `limit` (None: none is known, or what is beyond is billed
    too), `held_out` that of records in validation and test files; `asked` tells whether the user named the epochs;
    `with_tools` and `uncounted` are as in `Statistics`.
    """

    examples: int
    tokens: int
    billed: int
    cut: int
    limit: int | None
    held_out: int
    epochs: int
    asked: bool
    with_tools: int
    uncounted: int

    @property
    def total(self) -> int:
        """Tokens billed in all epochs."""
        return self.billed * self.epochs

    def cost(self, price: float) -> float:
        """US dollars at a price per million tokens."""
        return self.total * price / 1e6


def bill(records: Iterable[tuple[Fact, Measured]], target: Target, prices: Prices, epochs: int | None) -> Bill:
    """What the provider bills for these records. Without `epochs` it is its own number of them, 1 if unknown."""
    limit = target.options.get(prices.cut_at_limit, {}).get("limit")
    read = list(records)
    trained = [record for fact, record in read if fact.role not in HELD_OUT]
    sizes = [record.total for record in trained]
    return Bill(
        len(sizes),
        sum(sizes),
        sum(sizes) if limit is None else sum(min(limit, size) for size in sizes),
        0 if limit is None else sum(size > limit for size in sizes),
        limit,
        len(read) - len(sizes),
        epochs or (prices.epochs.for_examples(len(sizes)) if prices.epochs else 1),
        epochs is not None,
        sum(record.tools for record in trained),
        sum(record.uncounted for record in trained),
    )
