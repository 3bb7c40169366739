"""Bars and columns of numbers; the numbers themselves always stand beside them as text."""

from __future__ import annotations

from collections.abc import Sequence

from dslint.distribution import Bin
from dslint.report.html.markup import tag, unseen

FEW = 9  # columns that have room for their numbers on a narrow page
POWERS = ((1 << 20, "M"), (1 << 10, "k"))
DECIMAL = ((1_000_000, "M"), (1_000, "k"))


def bar(part: float, whole: float, kind: str = "") -> str:
    """A bar of that share of its room; any part that is there can be seen."""
    share = min(max(100 * part / whole, 0.8), 100) if part and whole else 0
    rect = tag("rect", width=f"{share:.1f}%", height="100%")
    return tag("svg", rect, class_=f"bar {kind}".strip(), aria_hidden="true", focusable="false")


def columns(found: Sequence[Bin], noun: str, limit: int | None = None) -> str:
    """A column for each bin, higher for more; those beyond `limit` are marked. `noun` is what is counted."""
    highest = max(one.number for one in found)
    every = 2 if len(found) > FEW else 1
    items = [
        _column(one, highest, noun, limit is not None and one.low > limit, place % every == 0)
        for place, one in enumerate(found)
    ]
    return tag("ol", "\n", "\n".join(items), class_="columns many" if len(items) > FEW else "columns")


def _column(one: Bin, highest: int, noun: str, beyond: bool, named: bool) -> str:
    height = max(100 * one.number / highest, 1) if one.number else 0
    rect = tag("rect", y=f"{100 - height:.1f}", width=10, height=f"{height:.1f}")
    view = {"viewBox": "0 0 10 100", "preserveAspectRatio": "none"}
    drawn = tag("svg", rect, aria_hidden="true", focusable="false", **view)
    said = f"{noun} {one.low:,}" + (f" to {one.high:,}" if one.high > one.low else "") + f": {one.number:,} records"
    count = tag("span", short(one.number) if one.number else "", class_="count", aria_hidden="true")
    below = tag("span", edge(one.low) if named else "", class_="edge", aria_hidden="true")
    return tag("li", unseen(said), count, drawn, below, class_="beyond" if beyond else "within")


def short(number: int) -> str:
    """At most four characters below ten million: `950`, `1.5k`, `12k`."""
    for unit, letter in DECIMAL:
        if number >= 0.9995 * unit:
            count = number / unit
            return (f"{count:,.0f}" if count >= 9.95 else f"{count:.1f}".removesuffix(".0")) + letter
    return str(number)


def edge(number: int) -> str:
    """The same, but powers of two as people know them: `64k` is 65,536."""
    power = next(((unit, letter) for unit, letter in POWERS if number >= unit and number % unit == 0), None)
    return f"{number // power[0]:,}{power[1]}" if power else short(number)
