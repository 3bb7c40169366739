"""Laws of `dslint split` under all its options: every line in one file, the same for any order of the lines."""

from __future__ import annotations

import json
import marshal
import os
import random
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from splitting import WORDS, chat, clustered, lines, manifest, outputs, parts, split

from dslint.assignment import GAIN, Clusters, assign, clusters_of, position
from dslint.collecting import Columns
from dslint.facts import Facts, Gathered
from dslint.recordset import MIXED, Records

LABELS = ("billing", "account", "other")
records = st.builds(
    lambda number, label, user, twice: chat(
        f"ticket about the {WORDS[number % 30]} that {'really ' * twice}came {WORDS[number * 7 % 31]}",
        LABELS[label],
        user={"ids": [user]},
        kind=WORDS[number % 3],
    ),
    st.integers(0, 20),
    st.sampled_from([0, 0, 1, 2]),
    st.one_of(st.none(), st.integers(0, 9)),
    st.integers(0, 1),
)
broken = st.sampled_from(["{oops", "", " ", '{"text": "x"}', '{"messages": []}', chat("hi there", "")])
physical = st.one_of(records, records, records, broken).map(str.encode)
options = st.builds(
    lambda into, *others: [*into, *(text for option in others for text in option)],
    st.sampled_from(
        [
            ("--ratio", "90:10"),
            ("--ratio", "1:1:1"),
            ("--folds", "3"),
            ("--into", "a=rest,b=2"),
            ("--into", "a=50%,b=30%,c=0.1,d=rest"),
        ]
    ),
    st.sampled_from([(), ("--group-by", "user.ids[0]"), ("--group-by", "/kind", "--group-by", "user.ids.0")]),
    st.sampled_from([(), ("--stratify-by", "kind"), ("--stratify-by", "label,kind")]),
    st.sampled_from([(), ("--max-per-cluster", "1"), ("--max-per-cluster", "2")]),
    st.sampled_from([(), ("--conflicts", "reject"), ("--conflicts", "majority")]),
    st.sampled_from([(), ("--seed", "7")]),
)
FIXED = [chat("the one with a user", "billing", user={"ids": [3]}, kind="late").encode()]
FIXED += [chat(f"{word} is {word} and nothing else", "other").encode() for word in WORDS[:3]]


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.lists(physical, max_size=25), given_options=options, order=st.randoms(use_true_random=False))
@example(body=[], given_options=["--into", "a=rest,b=2"], order=random.Random(0))
def test_every_line_in_one_file_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory, body: list[bytes], given_options: list[str], order: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("split")
    rows = [*FIXED, *body]
    found = []
    for name in ("one", "other"):
        (folder / "data.jsonl").write_bytes(b"\n".join(rows) + b"\n")
        assert split(folder / "data.jsonl", folder / name, *given_options) == 0
        found.append({part: Counter(having) for part, having in outputs(folder / name).items()})
        assert sum(found[-1].values(), Counter()) == Counter(rows)
        table = manifest(folder / name)
        assert table["checks"] == dict.fromkeys(table["checks"], 0)
        assert {part: len(having) for part, having in parts(folder / name).items()} == {
            part: entry["records"] for part, entry in table["splits"].items()
        }
        reasons = {json.loads(line)["line"] for line in lines(folder / name / "rejected.findings.jsonl")}
        assert len(reasons) == table["rejected_lines"] == len(outputs(folder / name)["rejected"])
        order.shuffle(rows)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "given_options", [["--folds", "3", "--conflicts", "majority"], ["--max-per-cluster", "1", "--group-by", "user"]]
)
def test_hash_seed_and_order_of_files_change_no_byte(tmp_path: Path, given_options: list[str]) -> None:
    rows = [chat(text, LABELS[at % 3], user=at % 40) for at, text in enumerate(clustered(60, seed=2))]
    for name, having in (("a", rows[::2]), ("b", rows[1::2])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(having) + "\n")
    written = []
    for seed, names in (("0", "ab"), ("1", "ba"), ("77", "ab")):
        command = [sys.executable, "-m", "dslint", "split", *(f"{name}.jsonl" for name in names), "-o", f"o{seed}"]
        variables = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [*command, "--isolated", *given_options], cwd=tmp_path, check=True, env=variables, capture_output=True
        )
        body = {path.name: path.read_bytes() for path in (tmp_path / f"o{seed}").iterdir()}
        written.append((body, done.stdout.replace(f"o{seed}".encode(), b"")))
    assert written[0] == written[1] == written[2]


def made(sizes: list[tuple[int, int]]) -> Clusters:
    """Clusters of so many records of these labels, in this order."""
    size, label = (np.array([entry[at] for entry in sizes], np.int32) for at in (0, 1))
    ends = np.cumsum(size, dtype=np.int32)
    return Clusters(size, label, ends, np.arange(size.sum(), dtype=np.int32), np.repeat(label, size), mixed=9)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    sizes=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=9),
    share=st.floats(0.05, 0.95),
    old=st.integers(0, 6),
)
def test_no_move_and_no_exchange_brings_the_parts_nearer(
    sizes: list[tuple[int, int]], share: float, old: int
) -> None:
    clusters = made(sizes)
    total = sum(size for size, _ in sizes) + old
    wanted = {"train": share * total, "test": (1 - share) * total}
    fixed = {"train": Counter[int](), "test": Counter({3: old})}
    placed = assign(clusters, wanted, fixed).tolist()
    assert set(placed) <= {0, 1}
    sides = [[0, *(size for (size, _), part in zip(sizes, placed, strict=True) if part == at)] for at in (0, 1)]
    train = sum(sides[0])
    reached = abs(train - wanted["train"])
    for there, back in product(*sides):
        assert abs(train - there + back - wanted["train"]) >= reached - GAIN


def test_a_thousand_single_records_meet_their_shares_in_every_label() -> None:
    rnd = random.Random(5)
    clusters = made([(1, rnd.choice((0, 0, 0, 1, 1, 2))) for _ in range(1000)])
    wanted = {"train": 800.0, "validation": 100.0, "test": 100.0}
    placed = assign(clusters, wanted, {part: Counter() for part in wanted}).tolist()
    assert Counter(placed) == {0: 800, 1: 100, 2: 100}
    labels = Counter(clusters.stratum.tolist())
    for (part, label), count in Counter(zip(placed, clusters.stratum.tolist(), strict=True)).items():
        assert abs(count - labels[label] * (800, 100, 100)[part] / 1000) <= 1.5


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.sampled_from("xyz"), st.booleans()), max_size=12),
    rnd=st.randoms(use_true_random=False),
)
def test_clusters_are_those_of_the_chosen_records_in_an_order_of_their_content(
    rows: list[tuple[int, str, bool]], rnd: random.Random
) -> None:
    # No two are the same: records that are equal are in one cluster.
    digests = [rnd.randbytes(12) + number.to_bytes(4, "big") for number in range(len(rows))]
    gathered = Gathered(1)
    values = [marshal.dumps((label, 0, 0)) for _, label, _ in rows]
    gathered.add([Columns(range(1, len(rows) + 1), digests, values)])
    gathered.close("data.jsonl", "")
    records = Records(Facts(gathered.segments[0]))
    number, chosen = np.array([row[0] for row in rows], np.int32), np.array([row[2] for row in rows], bool)
    found = clusters_of(records, number, chosen, 7)
    expected = []
    for cluster in {row[0] for row in rows if row[2]}:
        members = [at for at, row in enumerate(rows) if row[0] == cluster and row[2]]
        labels = {rows[at][1] for at in members}
        stratum = labels.pop() if len(labels) == 1 else MIXED
        expected.append((position(min(digests[at] for at in members), 7), members, stratum))
    expected.sort()
    ends = found.ends.tolist()
    members = [
        found.members[end - size : end].tolist() for end, size in zip(ends, found.size.tolist(), strict=True)
    ]
    assert members == [having for _, having, _ in expected]
    assert [records.strata[one] for one in found.stratum] == [stratum for *_, stratum in expected]
    for at, having in enumerate(members):
        assert [records.strata[one] for one in found.strata_of(at)] == [rows[one][1] for one in having]
