"""What is in the set: tokens, turns, roles, labels, parts of the split, files, as charts beside their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dslint.dataset import Dataset, File
from dslint.distribution import bins
from dslint.findings import Fact, Where
from dslint.labels import labels_of
from dslint.report.facts import PERCENTILES, notes, share, size
from dslint.report.html import markup
from dslint.report.html.charts import bar, columns
from dslint.report.html.markup import code, section, table, tag, text
from dslint.report.text import place, plural
from dslint.ruledef import Rule
from dslint.stats import Counted, Measured, Spread, Statistics
from dslint.targets import Target

LABELS, FILES, ROLES = 15, 40, 12  # rows of these
PARTS = {"train": "train", "validation": "validation", "test": "test", "": "unassigned"}
BUDGET = {"limit", "per-message"}  # options of rules that count a record's tokens against a limit


@dataclass(frozen=True)
class Known:
    """What was counted of a set; `safe` masks what sensitive rules found in a text.

    `limit` is how many tokens a record may have, None where no rule of the run knows; without `with_labels` nothing
    is shown of what records say.
    """

    counted: Counted
    stats: Statistics
    target: Target
    safe: Callable[[str], str]
    limit: int | None = None
    with_labels: bool = True

    @property
    def records(self) -> Sequence[Measured]:
        """Each record, measured."""
        return [record for _, record in self.counted.records]


def budget(rules: Sequence[Rule]) -> int | None:
    """The least number of tokens that a rule of these allows a record."""
    limits = (rule.settings.get("limit") for rule in rules if {option.name for option in rule.options} >= BUDGET)
    return min((limit for limit in limits if limit), default=None)


def tokens(known: Known) -> str:
    """How long the records are, the longest ones, and what system prompts cost."""
    limit = known.limit
    sizes = [record.total for record in known.records]
    spread = known.stats.tokens
    told = [_spread_line(spread, "record", "tokens")]
    if limit is not None:
        over = sum(one > limit for one in sizes)
        told.append(f"{over:,} of {len(sizes):,} are longer than the limit, {limit:,}.")
    of = tag("h3", "Longest records")
    rows = [(code(place(Where(source, line)), 300), f"{count:,}") for count, source, line in known.stats.longest]
    longest = table("Longest records", ("Place", "Tokens"), rows)
    asked = table("Tokens and turns of a record", ("Of a record", *PERCENTILES, "All"), _spreads(known.stats))
    chart = columns(bins(sizes), "tokens", limit)
    figure = tag("figure", tag("figcaption", "Records by tokens, from the number below each column"), chart)
    pair = tag("div", tag("div", asked, _system(known)), tag("div", of, longest), class_="pair")
    exact = markup.notes(notes(known.stats.with_tools, known.stats.uncounted))
    return section("tokens", "Tokens", tag("p", " ".join(told)), figure, pair, exact)


def _spread_line(spread: Spread, noun: str, unit: str) -> str:
    half = f"Half of the {noun}s have at most {spread.p50:,} {unit}, nine of ten at most {spread.p90:,}"
    return f"{half}, the longest {spread.max:,}; {spread.total:,} in all."


def _spreads(stats: Statistics) -> Iterator[Sequence[str]]:
    named = ("tokens", stats.tokens), ("before the last answer", stats.requests), ("turns", stats.turns)
    for name, spread in named:
        yield name, *(f"{value:,}" for value in spread[2:]), f"{spread.total:,}"


def _system(known: Known) -> str:
    system = known.stats.system
    if system is None:
        return ""
    requests = known.stats.requests.total / max(known.stats.requests.number, 1)
    told = [
        f"{plural(system.records, 'record')} with a system prompt, {plural(system.kinds, 'different one')}.",
        f"Leaving them out saves {system.mean:,.0f} tokens a request ({share(system.mean, requests)}).",
    ]
    if system.trimmed < system.tokens:
        saved = system.tokens - system.trimmed
        told.append(f"Trimming the most frequent one of repeated lines and white space saves {saved:,}.")
    return tag("p", " ".join(told))


def turns(known: Known) -> str:
    """How many turns the conversations have."""
    found = bins(len(record.roles) for record in known.records)
    if len(found) == 1:
        return section("turns", "Turns", tag("p", f"Each record has {plural(found[0].low, 'turn')}."))
    told = _spread_line(known.stats.turns, "record", "turns")
    figure = tag("figure", tag("figcaption", "Records by turns"), columns(found, "turns"))
    return section("turns", "Turns", tag("p", told), figure)


def roles(known: Known) -> str:
    """Who says how much."""
    stats = known.stats
    all_tokens = sum(spread.total for spread in stats.roles.values())
    most = max((spread.total for spread in stats.roles.values()), default=0)
    rows = [
        (
            text(known.safe(role), 40),
            bar(spread.total, most),
            share(spread.total, all_tokens),
            f"{spread.total:,}",
            f"{spread.number:,}",
            f"{spread.p50:,}",
            f"{spread.max:,}",
        )
        for role, spread in list(stats.roles.items())[:ROLES]
    ]
    head = ("Role", "", "Share of tokens", "Tokens", "Turns", "Median turn", "Longest turn")
    left = plural(len(stats.roles) - ROLES, "more role") if len(stats.roles) > ROLES else ""
    found = table("Tokens and turns by role", head, rows, "tbnnnnn")
    return section("roles", "Who says how much", found, _more(left))


def _more(left: str) -> str:
    return tag("p", f"and {left}", class_="note") if left else ""


class Part(NamedTuple):
    """The files of one role in a dataset: train, validation, test or none, and what they hold."""

    role: str
    files: Sequence[File]
    records: int
    tokens: int


def parts(known: Known) -> Sequence[Part]:
    """The parts that have files, train first."""
    found = []
    for role in PARTS:
        files = [file for file in known.counted.files if file.role == role]
        held = sum(known.stats.file_tokens.get(file.source, 0) for file in files)
        if files:
            found.append(Part(role, files, sum(file.records for file in files), held))
    return found


def labels(known: Known) -> str:
    """How often each label stands in each part, "" for a set that is no classification."""
    found = labels_of(Dataset(known.counted.files, known.counted.questions))
    if not found or not known.with_labels:
        return ""
    ordered = sorted(found, key=lambda label: -len(found[label]))
    held = [part for part in parts(known) if part.records]
    whole = Counter(fact.role for having in found.values() for fact in having)
    total, most = whole.total(), len(found[ordered[0]])
    rows = [
        (
            text(known.safe(label), 60),
            bar(len(found[label]), most),
            f"{len(found[label]):,}",
            share(len(found[label]), total),
            *_shares(found[label], held, whole),
        )
        for label in ordered[:LABELS]
    ]
    named = [PARTS[part.role] for part in held] if len(held) > 1 else []
    head = ("Label", "", "Records", "Share", *(f"of {name}" for name in named))
    told = f"{plural(len(found), 'label')}; the most frequent stands in {share(most, total)} of the records,"
    told += f" the rarest in {share(len(found[ordered[-1]]), total)}."
    left = plural(len(found) - LABELS, "more label") if len(found) > LABELS else ""
    shown = table("Records by label", head, rows, "tbnn" + "n" * len(named))
    return section("labels", "Labels", tag("p", told), shown, _more(left))


def _shares(having: Sequence[Fact], held: Sequence[Part], whole: Mapping[str, int]) -> Iterator[str]:
    if len(held) > 1:
        times = Counter(fact.role for fact in having)
        for part in held:
            yield share(times[part.role], whole[part.role])


def split(known: Known) -> str:
    """How records and tokens fall to train, validation and test, and the files they stand in."""
    found = parts(known)
    records, all_tokens = sum(part.records for part in found), sum(part.tokens for part in found)
    rows = [
        (
            PARTS[part.role],
            bar(part.records, records),
            f"{part.records:,}",
            share(part.records, records),
            f"{part.tokens:,}",
            share(part.tokens, all_tokens),
            f"{part.tokens / max(part.records, 1):,.0f}",
        )
        for part in found
    ]
    head = ("Part", "", "Records", "Share", "Tokens", "Share", "A record")
    balance = table("Records and tokens by part", head, rows, "tbnnnnn")
    return section("split", "Split balance", balance if len(found) > 1 else "", _files(known))


def _files(known: Known) -> str:
    rows = [
        (
            code(file.source, 300),
            PARTS[file.role] if file.role else "-",
            file.layout or "-",
            f"{file.records:,}",
            size(file.size),
            f"{known.stats.file_tokens.get(file.source, 0):,}",
        )
        for file in known.counted.files[:FILES]
    ]
    files = known.counted.files
    left = plural(len(files) - FILES, "more file") if len(files) > FILES else ""
    head = ("File", "Part", "Layout", "Records", "Size", "Tokens")
    return table("Files", head, rows, "tllnnn") + _more(left)
