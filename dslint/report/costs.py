"""What training costs, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from dslint.prices import Bill, Prices, names
from dslint.report.facts import estimated, notes
from dslint.report.table import table
from dslint.report.text import plural
from dslint.targets import Target

VERSION = 1  # of the JSON; goes up when a field changes its meaning or goes away


def text(found: Bill, models: Mapping[str, float], prices: Prices, target: Target) -> Iterator[str]:
    """Lines of at most 80 columns."""
    yield f"{target.title}: {target.ends}" if target.ends else target.title
    yield ""
    yield f"trained on  {plural(found.examples, 'record')}, {found.tokens:,} tokens"
    if found.held_out:
        yield f"held out    {plural(found.held_out, 'record')} in validation and test files, not trained on"
    if found.cut:
        lost = found.tokens - found.billed
        yield f"cut off     {plural(found.cut, 'record')} at {found.limit:,} tokens, {lost:,} tokens not billed"
    said = "" if found.asked else " (the provider's own number)" if prices.epochs else " (see --epochs)"
    yield f"billed      {found.total:,} tokens in {plural(found.epochs, 'epoch')}{said}"
    yield ""
    if not models:
        yield f"No price is known for {target.name}, only for {', '.join(names())}: give one with --price."
    else:
        rows = [("model", "USD per 1M tokens", "training, USD")]
        rows += [(name, f"{price:,.2f}", f"{found.cost(price):,.2f}") for name, price in models.items()]
        yield from table(rows)
    if _are_known(models, prices):
        yield f"Prices as of {prices.as_of}, read {prices.checked} at"
        yield prices.source
    yield ""
    yield from notes(found.with_tools, found.uncounted)


def _are_known(models: Mapping[str, float], prices: Prices) -> bool:
    """Whether the prices are those of the file, and not the user's own."""
    return bool(models) and models.items() <= prices.models.items()


def as_json(found: Bill, models: Mapping[str, float], prices: Prices, target: Target) -> str:
    """One object; money in US dollars."""
    from dslint import __version__

    costs = [
        {"model": name, "per_million_tokens": price, "training": found.cost(price)}
        for name, price in models.items()
    ]
    facts = {
        "version": VERSION,
        "tool": {"name": "dslint", "version": __version__},
        "target": target.name,
        "examples": found.examples,
        "held_out": found.held_out,
        "tokens": found.tokens,
        "limit": found.limit,
        "cut_off": found.cut,
        "epochs": found.epochs,
        "billed_tokens": found.total,
        "estimated": estimated(found.with_tools, found.uncounted),
        "currency": "USD",
        "costs": costs,
        "prices": {"as_of": prices.as_of, "source": prices.source, "checked": prices.checked}
        if _are_known(models, prices)
        else None,
    }
    return json.dumps(facts, ensure_ascii=True, indent=2)
