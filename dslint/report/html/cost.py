"""What training on the set costs."""

from __future__ import annotations

from dslint import prices
from dslint.report.html.facts import Known
from dslint.report.html.markup import code, notes, section, table, tag, text
from dslint.report.text import plural


def cost(known: Known) -> str:
    """Money by model, or why it is not known."""
    target, at = known.target, prices.load(known.target.name)
    hourly = next((file.layout for file in known.counted.files if file.layout in at.by_the_hour), "")
    if hourly:
        return section("cost", "Cost", tag("p", f"{text(hourly)} is billed by the hour, not by tokens."))
    bill = prices.bill(known.counted.records, target, at, None)
    told = [f"{plural(bill.examples, 'record')} to train on, {bill.tokens:,} tokens;"]
    told.append(f"{bill.total:,} billed in {plural(bill.epochs, 'epoch')}.")
    if bill.held_out:
        told.append(f"{plural(bill.held_out, 'record')} in validation and test files, not trained on.")
    if bill.cut:
        told.append(f"{plural(bill.cut, 'record')} cut off at {bill.limit:,} tokens.")
    said = tag("p", text(" ".join(told), 500))
    if not at.models:
        known_for = ", ".join(prices.names())
        why = f"No price is known for {target.name}, only for {known_for}: dslint cost --price takes one."
        return section("cost", "Cost", said, tag("p", text(why, 500), class_="note"))
    rows = [
        (code(model), f"{price:,.2f}", tag("b", f"{bill.cost(price):,.2f}")) for model, price in at.models.items()
    ]
    head = ("Model", "USD per 1M tokens", "Training, USD")
    as_of = f"Prices as of {at.as_of}, read {at.checked} at {at.source}"
    return section("cost", "Cost", said, table("Cost of training by model", head, rows), notes([as_of]))
