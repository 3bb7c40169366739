"""The plan of a split as people read it: parts, tokens, balance, what was set aside, what was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dslint.report.text import plural
from dslint.report.visible import visible, width_of

COLUMNS = 80
LABELS = 8  # the most frequent, each with a line
LABEL_COLUMNS = 24
REJECTED = "rejected"
PERCENTILES = ("p50", "p95")

Plan = Mapping[str, Any]


def lines(plan: Plan) -> Iterator[str]:
    """The plan, in lines of at most 80 columns unless a name that the user gave is longer."""
    yield from _parts(plan)
    yield ""
    yield from _labels(plan)
    for text in (*_tokens(plan), *_off(plan), *_together(plan), *_kept(plan), *_aside(plan)):
        yield "  " + text
    for mark, text in _checks(plan):
        yield f"  {mark:6} {text}"


def _parts(plan: Plan) -> Iterator[str]:
    mark = "~" if plan["tokens"]["estimated"] else ""
    table = [["split", "records", "share", "wanted", "tokens", *PERCENTILES]]
    for name, part in plan["splits"].items():
        tokens = plan["tokens"]["splits"][name]
        ranks = [f"{tokens[rank]:,}" if rank in tokens else "-" for rank in PERCENTILES]
        share = f"{100 * part['share']:.2f}%"
        table.append(
            [name, f"{part['records']:,}", share, _wanted(plan, name), f"{mark}{tokens['total']:,}", *ranks]
        )
    table.append([REJECTED, f"{plan['rejected_lines']:,}", "", "", "", "", ""])
    return _table(table)


def _wanted(plan: Plan, name: str) -> str:
    asked = plan["into"][name]
    return f"{int(asked):,}" if asked.isdigit() else f"{100 * plan['shares'][name]:.2f}%"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first column to the left, the others to the right."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [" " * (width - width_of(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(["", first + " " * (widths[0] - width_of(first)), *cells]).rstrip()


def _labels(plan: Plan) -> Iterator[str]:
    """The share of each stratum in each part; where there are too many parts for a line, the lowest and highest."""
    counts: Mapping[str, Mapping[str, int]] = plan["labels"]
    if not counts:
        return
    everywhere = Counter[str]()
    for part in counts.values():
        everywhere.update(part)
    shown = sorted(everywhere, key=lambda label: (-everywhere[label], label))[:LABELS]
    heads = ["all", *counts]
    narrow = LABEL_COLUMNS + sum(2 + max(7, len(head)) for head in heads) > COLUMNS
    table = [[" / ".join(plan["stratify_by"]) or "label", *(["all", "lowest", "highest"] if narrow else heads)]]
    for label in shown:
        each = [_share(part, label) for part in counts.values()]
        shares = [min(each), max(each)] if narrow else each
        row = (f"{100 * share:.1f}%" for share in (_share(everywhere, label), *shares))
        table.append([_short(label or "(none)"), *row])
    table[0][0] = _short(table[0][0])
    yield from _table(table)
    if len(everywhere) > len(shown):
        yield f"  and {plural(len(everywhere) - len(shown), 'other')}"
    yield ""


def _share(counts: Mapping[str, int], label: str) -> float:
    return counts.get(label, 0) / max(sum(counts.values()), 1)


def _short(text: str) -> str:
    shown = visible(text, LABEL_COLUMNS)
    while width_of(shown) > LABEL_COLUMNS:
        shown = shown[:-2] + "…"
    return shown


def _tokens(plan: Plan) -> Iterator[str]:
    tokens = plan["tokens"]
    how = "counted"
    if tokens["estimated"]:
        how = f"estimated (~) from {plural(tokens['counted'], 'record')} whose tokens were counted"
    yield f"tokens   {tokens['encoding']}, {how}"


def _off(plan: Plan) -> Iterator[str]:
    """Parts that have a record or more too few or too many."""
    for name, part in plan["splits"].items():
        off = part["records"] - part["wanted"]
        if abs(off) >= 1:
            kept = " and old records stay" if plan["keep"] else ""
            count = f"{abs(off):,.1f}".removesuffix(".0") + (" more" if off > 0 else " fewer")
            yield f"note     {name} has {count} than asked: clusters stay whole{kept}"


def _together(plan: Plan) -> Iterator[str]:
    found = plan["clusters"]
    text = f"{plural(found['count'], 'cluster')} kept whole, the largest of {plural(found['largest'], 'record')}"
    yield f"clusters {text}"
    for name, missing in plan["ungrouped"].items():
        yield f"groups   by {visible(name, 40)}" + (f"; {plural(missing, 'record')} without it" if missing else "")


def _kept(plan: Plan) -> Iterator[str]:
    if (keep := plan["keep"]) is None:
        return
    left = keep["records"] - keep["stayed"]
    yield f"kept     {plural(keep['stayed'], 'record')} where they were" + (
        f"; {left:,} of the old split not in it now" if left else ""
    )
    for name in keep["changed_files"]:
        yield f"note     {visible(name, 40)} has been edited since that split was written"


def _aside(plan: Plan) -> Iterator[str]:
    for name, count in plan["rejected"].items():
        yield f"rejected for {visible(name, 40)}: {count:,}"
    count = plan["disputes"]["count"]
    if count and plan["conflicts"] == "keep":
        both = f"{plural(count, 'conflict')} kept ({plural(plan['disputes']['records'], 'record')})"
        yield f"note     {both}; see --conflicts"


def _checks(plan: Plan) -> Iterator[tuple[str, str]]:
    checks = plan["checks"]
    recut = plan["clusters"]["recut"]
    cut = f"; {plural(recut, 'chain')} of near-duplicates drifted and {'was' if recut == 1 else 'were'} cut"
    rows: Iterable[tuple[str, str, str]] = (
        ("clusters_over_two_splits", "cluster", ""),
        ("near_duplicates_over_two_splits", "pair of near-duplicates", cut if recut else ""),
    )
    for key, noun, why in rows:
        count, old = checks[key], checks[f"{key}_old"]
        before = f" ({old:,} stood so in the old split)" if old else ""
        if count:
            yield "FAILED", f"{count:,} × {noun} over two splits{why}{before}"
        else:
            yield "ok", f"no {noun} over two splits{before}"
    yield "ok", f"{plan['lines']:,} lines read, each in one file: {_sum(plan)}"


def _sum(plan: Plan) -> str:
    kept = sum(part["records"] for part in plan["splits"].values())
    return f"{kept:,} split, {plan['rejected_lines']:,} rejected"
