"""html: one page that needs nothing else, for people who want to see what is wrong and what is in a set.

No script, no address that is fetched, no style from data: a content security policy says so to the browser too.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TextIO

from dslint.config import Config
from dslint.findings import REFERENCE, SEVERITIES
from dslint.report import Report
from dslint.report.audited import audit_lines
from dslint.report.html import facts
from dslint.report.html.cost import cost
from dslint.report.html.findings import clusters, findings, severity
from dslint.report.html.markup import notes, prose, section, table, tag, text
from dslint.report.machine import errors
from dslint.report.masked import secrets_of, without
from dslint.report.text import fixable, found, held_back, plural, read
from dslint.stats import count, summed_up
from dslint.targets import load

LIMIT = 5_000_000  # bytes of a page, which any browser opens at once
AROUND = 4_000  # of them for the head and the contents
ERRORS = 20  # of what could not be checked
FAMILIES = ("DUP", "LEK")  # whose findings are clusters of records
SECTIONS = {
    "findings": "What is wrong",
    "tokens": "Tokens",
    "turns": "Turns",
    "roles": "Roles",
    "labels": "Labels",
    "clusters": "Duplicates",
    "split": "Split",
    "cost": "Cost",
}


def html(report: Report, out: TextIO) -> None:
    """The page: verdict, findings, facts of the set, what training costs."""
    known = _known(report)
    below = list(_facts(report, known)) if known is not None else []
    top, end = _header(report), _footer()
    room = LIMIT - sum(len(part.encode()) for part in (*below, top, end, _style())) - AROUND
    parts = [findings(report, room), *below]
    out.write(f'<!DOCTYPE html>\n<html lang="en">\n{_head(report)}\n<body>\n{top}\n')
    out.write(f'<div class="page">\n{_contents(parts)}\n<main id="main">\n')
    out.writelines(parts)
    out.write(f"</main>\n</div>\n{end}\n</body>\n</html>\n")


def _known(report: Report) -> facts.Known | None:
    """What is in the data, read once more; None when there is no record."""
    sources = [source for source in report.sources if source.role != REFERENCE]
    config = Config(layout=report.layout, isolated=True)
    counted = count(sources, config, report.progress)
    if not counted.records:
        return None
    secrets = secrets_of(report.sensitive, report.sources)
    return facts.Known(
        counted,
        summed_up(counted, sources, config),
        load(report.target),
        lambda said: without(said, secrets),
        facts.budget(report.result.rules),
        report.show_source,
    )


def _facts(report: Report, known: facts.Known) -> Iterator[str]:
    yield facts.tokens(known)
    yield facts.turns(known)
    yield facts.roles(known)
    yield facts.labels(known)
    yield _clusters(report)
    yield facts.split(known)
    yield cost(known)


def _clusters(report: Report) -> str:
    rows = list(clusters(report, FAMILIES))
    audit = notes(audit_lines(report.result.audits)) if report.result.audits is not None else ""
    if not rows and not audit:
        return ""
    head = ("Rule", "Clusters", "Records in them", "Largest")
    return section("clusters", "Duplicates, conflicts and leaks", table("Clusters", head, rows), audit)


@cache
def _style() -> str:
    return files("dslint.report.html").joinpath("page.css").read_text("utf-8")


def _head(report: Report) -> str:
    known = b64encode(sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        "\n",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        "\n",
        tag("title", f"dslint: {found(report) if report.findings else 'no findings'}"),
        "\n",
        tag("style", _style()),
        "\n",
    )


def _verdict(report: Report) -> tuple[str, str]:
    """(a word for the outcome, the sentence)."""
    if report.result.failed:
        return "error", "Could not check everything"
    if report.result.reaches(report.fail_on):
        return "error", f"Fails with {_counted(report)}"
    if report.findings:
        return "warning", f"Passes, with {_counted(report)}"
    return "passed", "Passes: nothing found"


def _counted(report: Report) -> str:
    """What was found, without severities that nothing has."""
    nouns = zip(report.counts().values(), ("error", "warning", "note"), strict=True)
    return ", ".join(plural(count, noun) for count, noun in nouns if count)


def _header(report: Report) -> str:
    outcome, sentence = _verdict(report)
    rules = plural(len(report.result.rules), "rule")
    said = f"{read(report)} checked for target {report.target} by {rules}."
    counts = report.counts()
    tiles = [tag("li", tag("b", f"{counts[level]:,}"), severity(level)) for level in SEVERITIES]
    more = [*([f"{report.target}: {report.target_ends}."] if report.target_ends else [])]
    more += [*held_back(report), *(line.replace("`", "") for _, line in fixable(report))]
    inner = [tag("p", "dslint report", class_="brand"), tag("h1", sentence), tag("p", text(said, 2000))]
    inner += [tag("ul", *tiles, class_="tiles"), notes(more), _errors(report)]
    return tag("header", *inner, class_=outcome)


def _errors(report: Report) -> str:
    failed = errors(report)
    items = [tag("li", text(one["message"], 500), _help(one["help"])) for one in failed[:ERRORS]]
    if len(failed) > ERRORS:
        items.append(tag("li", f"and {len(failed) - ERRORS:,} more"))
    return tag("div", tag("h2", "Could not check"), tag("ul", *items), class_="failed") if items else ""


def _help(said: str) -> str:
    return tag("p", prose(said), class_="note") if said else ""


def _contents(parts: Sequence[str]) -> str:
    there = [name for name in SECTIONS if any(part.startswith(f'<section id="{name}"') for part in parts)]
    links = [tag("li", tag("a", SECTIONS[name], href=f"#{name}")) for name in there]
    return tag("nav", tag("ul", *links), aria_label="Contents") if links else ""


def _footer() -> str:
    from dslint import __version__

    said = f"dslint {__version__}. This page holds all it shows and asks no network."
    return tag("footer", tag("p", said))
