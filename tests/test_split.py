"""`dslint split`: nothing lost, nothing leaked, the same input always the same way."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz
from splitting import WORDS, chat, lines, sentences, split

from dslint.manifest import MANIFEST, REASONS
from dslint.outputs import REJECTED

PARTS = ("train.jsonl", "validation.jsonl", "test.jsonl", REJECTED)


def questions(path: Path) -> list[str]:
    return [json.loads(line)["messages"][0]["content"] for line in lines(path)]


physical = st.one_of(
    st.sampled_from([chat("How do I pay?", "billing"), chat("how do i pay", "account"), chat("Where is it?", "")]),
    st.sampled_from(['{"messages": []}', "{oops", "", " ", '{"text": "x"}', '{"a": 1, "a": 2}', "\x00\x00"]),
    st.integers(0, 30).map(lambda number: chat(f"ticket {number} about {WORDS[number % 16]}", "x" * (number % 3))),
    st.text(max_size=10).map(lambda text: text.replace("\n", " ")),
).map(lambda text: text.encode("utf-8", "replace"))


@settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    body=st.lists(physical, min_size=1, max_size=15),
    final=st.booleans(),
    bom=st.booleans(),
    ratio=st.sampled_from(["90:10", "60:20:20"]),
)
def test_every_line_ends_in_exactly_one_file(
    tmp_path_factory: pytest.TempPathFactory, body: list[bytes], final: bool, bom: bool, ratio: str
) -> None:
    folder = tmp_path_factory.mktemp("split")
    raw = b"\n".join(body) + (b"\n" if final else b"")
    (folder / "data.jsonl").write_bytes((b"\xef\xbb\xbf" if bom else b"") + raw)
    assert split(folder / "data.jsonl", folder / "out", "--ratio", ratio) == 0
    read = (folder / "data.jsonl").read_bytes().split(b"\n")
    read = read if read[-1] else read[:-1]
    written = [line for name in PARTS for line in lines(folder / "out" / name)]
    without_bom = [
        line.removeprefix(b"\xef\xbb\xbf") if line in read[:1] and line not in written else line for line in read
    ]
    assert Counter(written) == Counter(without_bom)
    assert sorted(path.name for path in folder.iterdir()) == ["data.jsonl", "out"]


def test_no_question_stands_nearly_in_two_splits(tmp_path: Path) -> None:
    rnd = random.Random(3)
    rows = []
    for base in sentences(120):
        rows.append(base)
        for _ in range(rnd.randrange(4)):
            at = rnd.randrange(len(base) - 1)
            rows.append(base[:at] + base[at + 1] + base[at] + base[at + 2 :])
    rnd.shuffle(rows)
    (tmp_path / "data.jsonl").write_text("".join(chat(row, "done") + "\n" for row in rows))
    assert split(tmp_path / "data.jsonl", tmp_path / "out", "--ratio", "70:15:15") == 0
    parts = [questions(tmp_path / "out" / name) for name in PARTS[:3]]
    assert sum(map(len, parts)) == len(rows)
    assert all(parts)
    for number, part in enumerate(parts):
        for other in parts[number + 1 :]:
            assert max(fuzz.ratio(one, two) for one in part for two in other) < 90


def test_clusters_and_groups_stay_whole(tmp_path: Path) -> None:
    rows = [chat(text, "ok then", customer={"id": number % 11}) for number, text in enumerate(sentences(110))]
    (tmp_path / "data.jsonl").write_text("\n".join(rows) + "\n")
    assert split(tmp_path / "data.jsonl", tmp_path / "out", "--ratio", "60:40", "--group-by", "customer.id") == 0
    owners = [
        {json.loads(line)["customer"]["id"] for line in lines(tmp_path / "out" / name)}
        for name in ("train.jsonl", "test.jsonl")
    ]
    assert all(owners)
    assert owners[0].isdisjoint(owners[1])


def test_labels_are_kept_in_proportion(tmp_path: Path) -> None:
    labels = ["billing"] * 60 + ["account"] * 30 + ["rare"] * 10
    rows = [chat(text, label) for text, label in zip(sentences(100), labels, strict=True)]
    (tmp_path / "data.jsonl").write_text("\n".join(rows) + "\n")
    assert split(tmp_path / "data.jsonl", tmp_path / "out", "--ratio", "80:20") == 0
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    test = manifest["labels"]["test"]
    assert abs(test["billing"] - 12) <= 1
    assert abs(test["account"] - 6) <= 1
    assert abs(test["rare"] - 2) <= 1


def test_rows_added_later_move_few_others(tmp_path: Path) -> None:
    first = sentences(200)
    for name, rows in (("old", first), ("new", first + sentences(100, seed=2))):
        (tmp_path / f"{name}.jsonl").write_text("".join(chat(row, "a long answer " * 5) + "\n" for row in rows))
        assert split(tmp_path / f"{name}.jsonl", tmp_path / name, "--ratio", "70:30") == 0
    moved = [
        text
        for name, other in (("train", "test"), ("test", "train"))
        for text in set(questions(tmp_path / "old" / f"{name}.jsonl"))
        & set(questions(tmp_path / "new" / f"{other}.jsonl"))
    ]
    assert len(moved) <= 6  # the cut moves with the mean of the hashes; --keep moves none


@pytest.mark.parametrize("answers", [["x " * 30], ["billing", "account", "other"]])
def test_order_and_hash_seed_change_no_assignment(tmp_path: Path, answers: list[str]) -> None:
    rows = [chat(text, answers[number % len(answers)]) for number, text in enumerate(sentences(60))]
    parts = []
    for seed, order in (("0", rows), ("1", rows[::-1]), ("77", sorted(rows))):
        (tmp_path / "data.jsonl").write_text("\n".join(order) + "\n")
        command = [sys.executable, "-m", "dslint", "split", "data.jsonl", "-o", f"out{seed}", "--isolated"]
        subprocess.run(
            command, cwd=tmp_path, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        )
        parts.append([sorted(lines(tmp_path / f"out{seed}" / name)) for name in PARTS])
    assert parts[0] == parts[1] == parts[2]


def test_rejects_carry_their_reason(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(chat("hi", "") + "\n{oops\n\n" + chat("Where is it?", "shipping") + "\n")
    assert split(tmp_path / "data.jsonl", tmp_path / "out") == 0
    reasons = [json.loads(line) for line in lines(tmp_path / "out" / REASONS)]
    assert [(reason["line"], reason["name"]) for reason in reasons] == [
        (1, "empty-assistant"),
        (2, "syntax-error"),
        (3, "blank-line"),
    ]
    assert lines(tmp_path / "out" / REJECTED) == [chat("hi", "").encode(), b"{oops", b""]


@pytest.mark.parametrize(("policy", "rejected"), [("keep", 0), ("reject", 2)])
def test_no_side_of_a_conflict_goes_alone(tmp_path: Path, policy: str, rejected: int) -> None:
    rows = [
        chat("Why is there a fee?", "billing"),
        chat("Why is there a fee?", "account"),
        chat("Where?", "shipping"),
    ]
    (tmp_path / "data.jsonl").write_text("\n".join(rows) + "\n")
    assert split(tmp_path / "data.jsonl", tmp_path / "out", "--conflicts", policy) == 0
    assert len(lines(tmp_path / "out" / REJECTED)) == rejected
    sides = [name for name in PARTS for line in lines(tmp_path / "out" / name) if b"fee" in line]
    assert len(sides) == 2
    assert len(set(sides)) == 1


def test_a_file_that_cannot_be_read_by_line_is_rejected_whole(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(json.dumps([{"messages": []}], indent=1))
    assert split(tmp_path / "data.jsonl", tmp_path / "out") == 0
    written = lines(tmp_path / "out" / REJECTED)
    assert b"\n".join(written) == (tmp_path / "data.jsonl").read_bytes()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(chat(row, "ok") + "\n" for row in sentences(20)))
    return path


def test_what_stands_there_is_not_overwritten(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = data.with_name("out")
    assert split(data, out) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert split(data, out, "--seed", "5") == 2
    assert "--force" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert split(data, out, "--seed", "5", "--force") == 0
    assert json.loads((out / MANIFEST).read_text())["seed"] == 5
    (out / "notes.txt").write_text("mine")
    assert split(data, out, "--force") == 2
    assert "notes.txt" in capsys.readouterr().err


def test_output_over_input_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert split(data, data.parent) == 2
    assert "output folder" in capsys.readouterr().err
    assert split(data, data.parent / "missing" / "out") == 2
    assert split(data, data) == 2


def test_a_failing_write_leaves_nothing_behind(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "out")

    monkeypatch.setattr("dslint.outputs.os.fsync", fail)
    assert split(data, data.with_name("out")) == 2
    assert [path.name for path in data.parent.iterdir()] == ["data.jsonl"]


@pytest.mark.parametrize("ratio", ["90", "a:b", "1:2:3:4", "0:1", "-1:2", "inf:1", "nan:1"])
def test_a_ratio_that_is_none_is_refused(data: Path, ratio: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert split(data, data.with_name("out"), f"--ratio={ratio}") == 2
    assert "--ratio" in capsys.readouterr().err


def test_the_manifest_accounts_for_every_file(data: Path) -> None:
    import hashlib

    out = data.with_name("out")
    assert split(data, out) == 0
    manifest = json.loads((out / MANIFEST).read_text())
    for name, entry in manifest["outputs"].items():
        body = (out / name).read_bytes()
        assert entry == {
            "lines": body.count(b"\n"),
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
    assert sum(manifest["inputs"][0]["to"].values()) == manifest["inputs"][0]["lines"] == 20
