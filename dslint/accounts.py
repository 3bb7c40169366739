"""What a planned split comes to: records, tokens and strata of each part, and whether anything leaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dslint.budget import ENCODING
from dslint.clustering import UNCOUNTED, Row
from dslint.splits import Placement, Wish

BYTES_PER_TOKEN = 4  # where no record at all had its tokens counted
PERCENTILES = (50, 95)


def account(placement: Placement, wish: Wish, lines: int) -> dict[str, Any]:
    """The plan of so many lines as the manifest has it; it follows from the records, whatever their order."""
    kept: dict[str, list[Row]] = {part.name: [] for part in wish.parts}
    for row in placement.clustering.rows:
        if row.line in placement.split:
            kept[placement.split[row.line]].append(row)
    total = sum(map(len, kept.values()))
    reasons = Counter(reason.name for reasons in placement.reasons.values() for reason in reasons)
    sizes = Counter(placement.clustering.together[row.line] for rows in kept.values() for row in rows)
    strata = {name: Counter(row.stratum for row in rows) for name, rows in kept.items()}
    labelled = len({stratum for counts in strata.values() for stratum in counts}) > 1
    return {
        "seed": wish.seed,
        "into": {part.name: part.asked for part in wish.parts},
        "folds": wish.folds,
        "shares": {name: round(rows / max(total, 1), 9) for name, rows in placement.wanted.items()},
        "group_by": [field.text for field in wish.group_by],
        "stratify_by": [field.text for field in wish.stratify_by],
        "conflicts": wish.conflicts,
        "max_per_cluster": wish.max_per_cluster,
        "lines": lines,
        "splits": _splits(kept, placement.wanted, total),
        "tokens": _tokens(kept),
        "labels": {name: dict(sorted(counts.items())) for name, counts in strata.items()} if labelled else {},
        "rejected": dict(sorted(reasons.items())),
        "rejected_lines": lines - total,
        "disputes": {"count": len(placement.disputes), "records": _disputed(placement)},
        "clusters": {
            "count": sum(size > 1 for size in sizes.values()),
            "largest": max(sizes.values(), default=0),
            "recut": placement.clustering.recut,
        },
        "ungrouped": dict(
            zip((field.text for field in wish.group_by), placement.clustering.ungrouped, strict=True)
        ),
        "keep": _kept(placement, wish),
        "checks": _checks(placement),
    }


def _splits(kept: Mapping[str, Sequence[Row]], wanted: Mapping[str, float], total: int) -> dict[str, Any]:
    return {
        name: {
            "records": len(rows),
            "wanted": round(wanted[name], 3),
            "share": round(len(rows) / max(total, 1), 9),
        }
        for name, rows in kept.items()
    }


def _tokens(kept: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Tokens of each part: the sum where all its records were counted, else an estimate from those that were."""
    rows = [row for part in kept.values() for row in part]
    counted = [row for row in rows if row.tokens != UNCOUNTED]
    size = sum(row.size for row in counted)
    per_byte = sum(row.tokens for row in counted) / size if size else 1 / BYTES_PER_TOKEN
    found = {}
    for name, part in kept.items():
        known = sorted(row.tokens for row in part if row.tokens != UNCOUNTED)
        unknown = sum(row.size for row in part if row.tokens == UNCOUNTED)
        ranks = {f"p{rank}": known[(len(known) - 1) * rank // 100] for rank in PERCENTILES} if known else {}
        found[name] = {"total": sum(known) + round(unknown * per_byte), **ranks}
    return {
        "encoding": ENCODING,
        "estimated": len(counted) < len(rows),
        "counted": len(counted),
        "splits": found,
    }


def _disputed(placement: Placement) -> int:
    return len({line for dispute in placement.disputes for line in dispute.answers})


def _kept(placement: Placement, wish: Wish) -> dict[str, Any] | None:
    """What became of the earlier split."""
    if wish.previous is None:
        return None
    stayed = Counter(placement.old.values())
    return {
        "manifest_sha256": wish.previous.manifest,
        "records": sum(wish.previous.records.values()),
        "stayed": sum(stayed.values()),
        "divided_clusters": placement.torn,
        "changed_files": sorted(wish.previous.changed),
    }


def _checks(placement: Placement) -> dict[str, int]:
    """What must be 0, counted afresh from where the records go and not from how they got there.

    `old` is what the earlier split had divided, and only a new split can mend.
    """
    split, old = placement.split, placement.old
    clusters: dict[int, list[Row]] = {}
    for row in placement.clustering.rows:
        if row.line in split:
            clusters.setdefault(placement.clustering.together[row.line], []).append(row)
    divided = [rows for rows in clusters.values() if len({split[row.line] for row in rows}) > 1]
    divided_before = sum(len({old[row.line] for row in rows if row.line in old}) > 1 for rows in divided)
    apart, apart_before = _apart(placement)
    return {
        "clusters_over_two_splits": len(divided) - divided_before,
        "clusters_over_two_splits_old": divided_before,
        "near_duplicates_over_two_splits": apart - apart_before,
        "near_duplicates_over_two_splits_old": apart_before,
    }


def _apart(placement: Placement) -> tuple[int, int]:
    """Pairs of near-duplicates over two parts, and how many of them lie in clusters that were divided before."""
    torn = _torn(placement)
    apart = before = 0
    for pair in placement.clustering.pairs:
        one, other = ((fact.source, fact.line) for fact in pair[:2])
        parts = placement.split.get(one), placement.split.get(other)
        if None not in parts and parts[0] != parts[1]:
            apart += 1
            before += placement.clustering.together[one] in torn or {one, other} <= placement.old.keys()
    return apart, before


def _torn(placement: Placement) -> set[int]:
    """The clusters with old records in two parts."""
    together, homes = placement.clustering.together, dict[int, str]()
    return {
        together[line] for line, home in placement.old.items() if homes.setdefault(together[line], home) != home
    }
