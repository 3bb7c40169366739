"""What a planned split comes to: records, tokens and strata of each part, and whether anything leaks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from dslint.budget import ENCODING
from dslint.recordset import UNCOUNTED, Ints, Mask, Records
from dslint.splits import ASIDE, Parted, Placement, Wish

BYTES_PER_TOKEN = 4  # where no record at all had its tokens counted
PERCENTILES = (50, 95)


def account(placement: Placement, wish: Wish, lines: int) -> dict[str, Any]:
    """The plan of so many lines as the manifest has it; it follows from the records, whatever their order."""
    records, kept = placement.clustering.records, placement.split != ASIDE
    total = int(kept.sum())
    reasons = Counter(reason.name for reasons in placement.reasons.values() for reason in reasons)
    sizes = np.unique(placement.clustering.together[kept], return_counts=True)[1]
    strata = {name: _strata(records, placement.split == place) for place, name in enumerate(placement.parts)}
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
        "splits": _splits(placement, total),
        "tokens": _tokens(placement),
        "labels": strata if labelled else {},
        "rejected": dict(sorted(reasons.items())),
        "rejected_lines": lines - total,
        "disputes": {"count": len(placement.disputes), "records": _disputed(placement)},
        "clusters": {
            "count": int((sizes > 1).sum()),
            "largest": int(sizes.max(initial=0)),
            "recut": placement.clustering.recut,
        },
        "ungrouped": dict(
            zip((field.text for field in wish.group_by), placement.clustering.ungrouped, strict=True)
        ),
        "keep": _kept(placement, wish),
        "checks": _checks(placement),
    }


def _strata(records: Records, chosen: Mask) -> dict[str, int]:
    """How many of the chosen records each stratum has, by its name."""
    counts = np.bincount(records.stratum[chosen], minlength=len(records.strata))
    return {name: count for name, count in zip(records.strata, counts.tolist(), strict=True) if count}


def _splits(placement: Placement, total: int) -> dict[str, Any]:
    found = {}
    for place, name in enumerate(placement.parts):
        count = int((placement.split == place).sum())
        wanted = round(placement.wanted[name], 3)
        found[name] = {"records": count, "wanted": wanted, "share": round(count / max(total, 1), 9)}
    return found


def _tokens(placement: Placement) -> dict[str, Any]:
    """Tokens of each part: the sum where all its records were counted, else an estimate from those that were."""
    tokens, size = placement.clustering.records.tokens, placement.clustering.records.size
    kept = placement.split != ASIDE
    counted = kept & (tokens != UNCOUNTED)
    known_bytes = int(size[counted].sum())
    per_byte = int(tokens[counted].sum()) / known_bytes if known_bytes else 1 / BYTES_PER_TOKEN
    found = {}
    for place, name in enumerate(placement.parts):
        part = placement.split == place
        known = np.sort(tokens[part & counted])
        unknown = int(size[part & ~counted].sum())
        ranks = {f"p{rank}": int(known[(len(known) - 1) * rank // 100]) for rank in PERCENTILES if len(known)}
        found[name] = {"total": int(known.sum()) + round(unknown * per_byte), **ranks}
    return {
        "encoding": ENCODING,
        "estimated": int(counted.sum()) < int(kept.sum()),
        "counted": int(counted.sum()),
        "splits": found,
    }


def _disputed(placement: Placement) -> int:
    return len({line for dispute in placement.disputes for line in dispute.answers})


def _kept(placement: Placement, wish: Wish) -> dict[str, Any] | None:
    """What became of the earlier split."""
    if wish.previous is None:
        return None
    return {
        "manifest_sha256": wish.previous.manifest,
        "records": sum(wish.previous.records.values()),
        "stayed": int((placement.old != ASIDE).sum()),
        "divided_clusters": len(placement.torn),
        "changed_files": sorted(wish.previous.changed),
    }


def _checks(placement: Placement) -> dict[str, int]:
    """What must be 0, counted afresh from where the records go and not from how they got there.

    `old` is what the earlier split had divided, and only a new split can mend.
    """
    divided = _divided(placement.clustering.together, placement.split)
    divided_before = len(divided & _divided(placement.clustering.together, placement.old))
    apart, apart_before = _apart(placement)
    return {
        "clusters_over_two_splits": len(divided) - divided_before,
        "clusters_over_two_splits_old": divided_before,
        "near_duplicates_over_two_splits": apart - apart_before,
        "near_duplicates_over_two_splits_old": apart_before,
    }


def _divided(cluster: Ints, parts: Parted) -> set[int]:
    """The clusters with records in two parts."""
    placed = np.flatnonzero(parts != ASIDE)
    placed = placed[np.argsort(cluster[placed], kind="stable")]
    same = (np.diff(cluster[placed]) == 0) & (np.diff(parts[placed]) != 0)
    return set(cluster[placed[1:][same]].tolist())


def _apart(placement: Placement) -> tuple[int, int]:
    """Pairs of near-duplicates over two parts, and how many of them lie in clusters that were divided before."""
    records, together, old = placement.clustering.records, placement.clustering.together, placement.old
    apart = before = 0
    for pair in placement.clustering.pairs:
        sides = [records.number((fact.source, fact.line)) for fact in pair[:2]]
        one, other = placement.split[sides].tolist()
        if ASIDE not in (one, other) and one != other:
            apart += 1
            before += together[sides[0]] in placement.torn or ASIDE not in old[sides]
    return apart, before
