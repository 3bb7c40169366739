"""No leak: checked by comparing every pair of questions with another program than the one that made the split."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process
from splitting import chat, clustered, manifest, parts, question, split

ALIKE = 90
LABELS = ("refund", "bug", "other")


def plain(text: str) -> str:
    """The text in lower case, without punctuation."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def leaks(folder: Path) -> list[tuple[str, str]]:
    """Nearly equal questions in two parts."""
    asked = {name: [plain(question(line)) for line in having] for name, having in parts(folder).items()}
    found = []
    for one, other in combinations(asked, 2):
        scores = process.cdist(asked[one], asked[other], scorer=fuzz.ratio, dtype=np.float32, score_cutoff=ALIKE)
        found += [(asked[one][row], asked[other][column]) for row, column in np.argwhere(scores >= ALIKE)]
    return found


def written(folder: Path, texts: list[str], answers: tuple[str, ...]) -> Path:
    rows = [
        chat(text, answers[number % len(answers)], user={"id": number % 400}) for number, text in enumerate(texts)
    ]
    (folder / "data.jsonl").write_text("\n".join(rows) + "\n")
    return folder / "data.jsonl"


@pytest.mark.parametrize("count", [250, 600])  # below a thousand rows all pairs are compared, above only candidates
@pytest.mark.parametrize(
    "options",
    [
        ("--ratio", "70:15:15"),
        ("--folds", "4"),
        ("--into", "train=rest,validation=5%,golden=60"),
        ("--ratio", "50:50", "--max-per-cluster", "2"),
        ("--ratio", "60:40", "--conflicts", "majority", "--seed", "9"),
    ],
)
def test_no_near_duplicate_stands_in_two_parts(tmp_path: Path, options: tuple[str, ...], count: int) -> None:
    data = written(tmp_path, clustered(count, seed=count), LABELS)
    assert split(data, tmp_path / "out", *options) == 0
    assert all(parts(tmp_path / "out").values())
    assert leaks(tmp_path / "out") == []
    assert set(manifest(tmp_path / "out")["checks"].values()) == {0}


def test_the_search_for_leaks_finds_them(tmp_path: Path) -> None:
    for name, text in (("train", "Where is my refund?"), ("test", "where is my refunds")):
        (tmp_path / f"{name}.jsonl").write_text(chat(text, "x") + "\n")
    assert leaks(tmp_path) == [("where is my refunds", "where is my refund")]


def test_the_check_counts_what_it_is_there_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dslint import splits

    data = written(tmp_path, clustered(60, seed=4), LABELS)
    clusters_of = splits.clusters_of

    def torn(records, cluster, chosen, seed):  # every record for itself
        return clusters_of(records, np.arange(len(cluster), dtype=np.int32), chosen, seed)

    monkeypatch.setattr(splits, "clusters_of", torn)
    assert split(data, tmp_path / "out", "--ratio", "50:50") == 0
    checks = manifest(tmp_path / "out")["checks"]
    assert checks["clusters_over_two_splits"] > 20
    assert checks["near_duplicates_over_two_splits"] >= len(leaks(tmp_path / "out")) / 2 > 20
