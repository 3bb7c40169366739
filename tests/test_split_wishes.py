"""What people ask of a split: parts by name, fields, an older split kept, fewer copies, conflicts, a plan first."""

from __future__ import annotations

import json
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from splitting import chat, clustered, lines, manifest, outputs, parts, question, sentences, split

from dslint.fields import parse
from dslint.manifest import MANIFEST, REASONS
from dslint.parts import by_name, by_ratio, wanted
from dslint.report.plan import lines as plan_lines

PROSE = "this answer is a sentence, and a longer one than labels are"
FEE = "Why is there a fee on my account?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(chat(row, PROSE) + "\n" for row in sentences(100)))
    return path


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_have_the_names_shares_and_sizes_asked_for(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert split(data, out, "--into", "fit=rest,check=20%", "--into", "golden=7,tiny=0.03") == 0
    assert {name: len(having) for name, having in parts(out).items()} == {
        "fit": 70,
        "check": 20,
        "golden": 7,
        "tiny": 3,
    }
    assert manifest(out)["into"] == {"fit": "rest", "check": "20%", "golden": "7", "tiny": "3%"}


def test_folds_are_of_one_size_and_recorded(data: Path, tmp_path: Path) -> None:
    assert split(data, tmp_path / "out", "--folds", "3") == 0
    assert sorted(map(len, parts(tmp_path / "out").values())) == [33, 33, 34]
    assert names(tmp_path / "out") == [
        "fold-1.jsonl",
        "fold-2.jsonl",
        "fold-3.jsonl",
        "rejected.findings.jsonl",
        "rejected.jsonl",
        MANIFEST,
    ]
    assert manifest(tmp_path / "out")["folds"] == 3


@pytest.mark.parametrize(
    "options",
    [
        ("--into", "train=80%"),
        ("--into", "train=80%,test=30%"),
        ("--into", "train=80%,test=10%"),
        ("--into", "train=80,test=20"),
        ("--into", "train=rest,test=rest"),
        ("--into", "train=rest,Train=20%"),
        ("--into", "train=rest,test=0"),
        ("--into", "train=rest,test=-5"),
        ("--into", "train=rest,test=nan"),
        ("--into", "train=rest,../test=20%"),
        ("--into", "train=rest,rejected=20%"),
        ("--into", "train=rest,test=101"),
        ("--folds", "1"),
        ("--folds", "5", "--ratio", "80:20"),
        ("--group-by", "customer.id"),
        ("--group-by", "a..b"),
        ("--stratify-by", "customer"),
        ("--conflicts", "first"),
        ("--max-per-cluster", "0"),
        ("--keep", "nowhere"),
        ("--keep", "data.jsonl"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line(
    data: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data.parent)
    assert split(data, data.with_name("out"), *options) == 2
    said = capsys.readouterr()
    assert said.err.startswith("dslint: error: ")
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert names(data.parent) == ["data.jsonl"]


@given(st.lists(st.floats(0.01, 1e6), min_size=2, max_size=3), st.integers(0, 10**6))
def test_a_ratio_comes_to_all_and_is_read_again_as_recorded(numbers: list[float], total: int) -> None:
    made = by_ratio(":".join(map(repr, numbers)))
    again = by_name(f"{part.name}={part.asked}" for part in made) if all(part.share < 1 for part in made) else made
    for rows in (wanted(made, total), wanted(again, total)):
        assert sum(rows.values()) == pytest.approx(total, abs=1e-3)
        for name, share in zip(rows, numbers, strict=True):
            assert rows[name] == pytest.approx(total * share / sum(numbers), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("meta.user", "u 1"),
        ("/meta/user", "u 1"),
        ("tags[1].id", "17"),
        ("tags.1.id", "17"),
        ("/tags/1/id", "17"),
        ("tags[0].id", "17"),
        ("tags[2]", None),
        ("/a.b", "dotted"),
        ("/c~1d", "slash"),
        ("meta.none", None),
        ("meta.user.more", None),
        ("meta", '{"none":null,"user":"u 1"}'),
        ("yes", "true"),
    ],
)
def test_a_field_is_found_by_path_or_pointer(text: str, value: str | None) -> None:
    record = {
        "meta": {"user": "u 1", "none": None},
        "tags": [{"id": "17"}, {"id": 17.0}],
        "a.b": "dotted",
        "c/d": "slash",
        "yes": True,
    }
    assert parse(text).of(record) == value


def test_several_groups_chain(tmp_path: Path) -> None:
    texts = sentences(90)
    rows = [
        chat(text, PROSE, user=at // 2, room=(at + 1) // 2 if at % 6 else None) for at, text in enumerate(texts)
    ]
    data = write(tmp_path / "data.jsonl", rows)
    assert split(data, tmp_path / "out", "--ratio", "50:50", "--group-by", "user,room") == 0
    place = {question(line): name for name, having in parts(tmp_path / "out").items() for line in having}
    for at, (one, other) in enumerate(pairwise(texts)):
        if at % 6 != 5:  # there neither user nor room goes on
            assert place[one] == place[other]
    assert len(set(place.values())) == 2
    assert manifest(tmp_path / "out")["ungrouped"] == {"user": 0, "room": 15}


def test_a_field_is_kept_in_proportion(tmp_path: Path) -> None:
    rows = [chat(text, PROSE, lang=("en", "de", "tr")[at % 10 // 4]) for at, text in enumerate(sentences(200))]
    data = write(tmp_path / "data.jsonl", rows)
    assert split(data, tmp_path / "out", "--ratio", "70:30", "--stratify-by", "lang") == 0
    labels = manifest(tmp_path / "out")["labels"]
    for part, size in (("train", 140), ("test", 60)):
        for lang, share in (("en", 0.4), ("de", 0.4), ("tr", 0.2)):
            assert abs(labels[part][lang] - size * share) <= 1


# --keep


def places(folder: Path) -> dict[bytes, Counter[str]]:
    found: dict[bytes, Counter[str]] = {}
    for name, having in parts(folder).items():
        for line in having:
            found.setdefault(line, Counter())[name] += 1
    return found


@pytest.mark.parametrize("manifest_named", [False, True])
@pytest.mark.parametrize("more", [(), ("--max-per-cluster", "1")])
def test_old_rows_stay_and_clusters_follow_them(
    tmp_path: Path, more: tuple[str, ...], manifest_named: bool
) -> None:
    rows = [chat(text, PROSE) for text in clustered(120, seed=3)]
    old = write(tmp_path / "data.jsonl", rows[: len(rows) // 2])
    assert split(old, tmp_path / "old", "--into", "fit=rest,golden=25%") == 0
    write(old, rows[::-1])
    kept = tmp_path / "old" / MANIFEST if manifest_named else tmp_path / "old"
    assert split(old, tmp_path / "new", "--keep", str(kept), "--seed", "5", *more) == 0
    before, after = places(tmp_path / "old"), places(tmp_path / "new")
    for line, having in before.items():
        assert having <= after[line]
    table = manifest(tmp_path / "new")
    assert table["into"] == {"fit": "rest", "golden": "25%"}
    assert table["keep"]["records"] == table["keep"]["stayed"] == sum(map(len, parts(tmp_path / "old").values()))
    assert set(table["checks"].values()) == {0}


def test_what_leaked_before_stays_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = sentences(30)
    data = write(tmp_path / "data.jsonl", [chat(text, PROSE) for text in texts])
    assert split(data, tmp_path / "out", "--ratio", "50:50") == 0
    train, test = (parts(tmp_path / "out")[name] for name in ("train", "test"))
    # by hand: a near copy of a train row is put into test, and a row is taken out
    copied = chat(question(train[0]) + "!", PROSE).encode()
    (tmp_path / "out" / "test.jsonl").write_bytes(b"".join(line + b"\n" for line in [*test[1:], copied]))
    another = chat(question(train[0]) + "?", PROSE).encode()
    data.write_bytes(b"".join(line + b"\n" for line in [*train, *test, copied, another]))
    capsys.readouterr()
    assert split(data, tmp_path / "new", "--keep", str(tmp_path / "out")) == 0
    found = places(tmp_path / "new")
    assert found[train[0]] == {"train": 1}
    assert found[copied] == {"test": 1}
    table = manifest(tmp_path / "new")
    assert table["keep"]["divided_clusters"] == 1
    assert table["keep"]["changed_files"] == ["test.jsonl"]
    assert table["checks"]["clusters_over_two_splits"] == 0
    assert table["checks"]["clusters_over_two_splits_old"] == 1
    assert table["checks"]["near_duplicates_over_two_splits"] == 0
    said = capsys.readouterr().out
    assert "stood so in the old split" in said
    assert "test.jsonl has been edited" in said


def test_copies_of_one_line_stay_in_both_parts(tmp_path: Path) -> None:
    rows = [chat(text, PROSE) for text in sentences(20)]
    data = write(tmp_path / "data.jsonl", rows)
    assert split(data, tmp_path / "out", "--ratio", "50:50") == 0
    both = parts(tmp_path / "out")["train"][0]
    with (tmp_path / "out" / "test.jsonl").open("ab") as file:
        file.write(both + b"\n")
    data.write_bytes(both + b"\n" + data.read_bytes())
    assert split(data, tmp_path / "new", "--keep", str(tmp_path / "out")) == 0
    assert places(tmp_path / "new")[both] == {"train": 1, "test": 1}


def test_a_part_that_held_records_cannot_go(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert split(data, tmp_path / "old", "--ratio", "80:10:10") == 0
    assert split(data, tmp_path / "new", "--keep", str(tmp_path / "old"), "--ratio", "80:20") == 2
    assert "'validation' of the old split (10 records)" in capsys.readouterr().err
    (tmp_path / "old" / "test.jsonl").unlink()
    assert split(data, tmp_path / "new", "--keep", str(tmp_path / "old")) == 2
    assert "test.jsonl is missing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../data.jsonl", "/etc/passwd.jsonl", "a\\..\\b.jsonl", "x"])
def test_a_manifest_cannot_name_files_elsewhere(data: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / MANIFEST).write_text(json.dumps({"outputs": {name: {}}}))
    assert split(data, tmp_path / "new", "--keep", str(tmp_path / "old")) == 2
    assert split(data, tmp_path / "old", "--force") == 2  # a manifest that is none frees nothing


# copies and conflicts


@pytest.mark.parametrize("most", [1, 2])
def test_of_near_duplicates_so_many_are_kept(tmp_path: Path, most: int) -> None:
    texts = clustered(80, seed=6)
    data = write(tmp_path / "data.jsonl", [chat(text, PROSE) for text in texts])
    assert split(data, tmp_path / "free") == 0
    assert split(data, tmp_path / "out", "--max-per-cluster", str(most)) == 0
    count = manifest(tmp_path / "free")["clusters"]["count"]
    assert manifest(tmp_path / "out")["clusters"]["count"] == (0 if most == 1 else count)
    assert manifest(tmp_path / "out")["clusters"]["largest"] == most
    reasons = [json.loads(line) for line in lines(tmp_path / "out" / REASONS)]
    assert {reason["name"] for reason in reasons} == {"max-per-cluster"}
    assert len(reasons) == len(lines(tmp_path / "out" / "rejected.jsonl")) > 50
    assert all(f"limit {most}" in reason["message"] for reason in reasons)


def test_thinning_takes_no_side(tmp_path: Path) -> None:
    rows = [chat(FEE, "billing"), chat(FEE.lower(), "account"), chat(FEE + "!", "billing")]
    data = write(tmp_path / "data.jsonl", rows)
    assert split(data, tmp_path / "out", "--max-per-cluster", "1") == 0
    assert outputs(tmp_path / "out")["rejected"] == []
    assert split(data, tmp_path / "most", "--max-per-cluster", "1", "--conflicts", "majority") == 0
    kept = [line for having in parts(tmp_path / "most").values() for line in having]
    assert len(kept) == 1
    assert b"billing" in kept[0]


@pytest.mark.parametrize(
    ("policy", "answers", "kept"),
    [
        ("keep", ["billing", "billing", "account"], ["account", "billing", "billing"]),
        ("reject", ["billing", "billing", "account"], []),
        ("majority", ["billing", "billing", "account"], ["billing", "billing"]),
        ("majority", ["billing", "account"], []),
        ("majority", ["a", "b", "b", "c", "c"], []),
        ("majority", ["a", "b", "b", "b", "c", "c"], ["b", "b", "b"]),
    ],
)
def test_conflicts_are_settled_as_asked(tmp_path: Path, policy: str, answers: list[str], kept: list[str]) -> None:
    asked = (FEE, FEE.upper(), FEE + "!", "Why is there a fee on my acount?", FEE + " ?", FEE + "?!")
    rows = [chat(text, answer) for text, answer in zip(asked, answers, strict=False)]
    data = write(tmp_path / "data.jsonl", [*rows, chat("Where is my parcel?", "shipping")])
    assert split(data, tmp_path / "out", "--conflicts", policy) == 0
    found = [
        json.loads(line)["messages"][1]["content"] for name in parts(tmp_path / "out").values() for line in name
    ]
    assert sorted(found) == sorted([*kept, "shipping"])
    assert manifest(tmp_path / "out")["conflicts"] == policy
    assert len(lines(tmp_path / "out" / REASONS)) == len(answers) - len(kept)


def test_every_record_of_a_chain_of_conflicts_takes_part(tmp_path: Path) -> None:
    """A finding names the neighbours of one record only; the end of a chain may have none left to be named with."""
    words = [
        "place",
        "charge",
        "these",
        "parcel",
        "count",
        "before",
        "monday",
        "except",
        "unless",
        "orders",
        "arrive",
        "sooner",
        "still",
    ]
    texts = [" ".join(words)]
    for slips in (words[:4], words[4:8], words[8:]):
        words = [word[:2] + word[3] + word[2] + word[4:] if word in slips else word for word in words]
        texts.append(" ".join(words))
    assert fuzz.ratio(texts[0], texts[3]) < 85 < 89 < fuzz.ratio(texts[0], texts[2])
    rows = [chat(text, ("billing", "account")[at % 2]) for at, text in enumerate(texts)]
    for name, having in (("one", rows), ("other", rows[::-1])):
        data = write(tmp_path / f"{name}.jsonl", having)
        assert split(data, tmp_path / name, "--conflicts", "reject") == 0
        assert not any(parts(tmp_path / name).values())


# the plan


def test_a_dry_run_writes_nothing(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert split(data, out, "--dry-run") == 0
    planned = capsys.readouterr()
    assert "leave out --dry-run" in planned.err
    assert not out.exists()
    assert split(data, out) == 0
    assert capsys.readouterr().out.splitlines()[1:] == planned.out.splitlines()[1:]
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert split(data, out, "--folds", "2") == 2
    said = capsys.readouterr()
    assert "fold-2" in said.out
    assert "--force" in said.err
    assert split(data, out, "--folds", "2", "--force", "--dry-run") == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert split(data, out, "--folds", "2", "--force") == 0
    assert split(data, out, "--force") == 0  # the folds are the old split's, and go
    assert names(out) == sorted(before)


def test_the_plan_is_readable_and_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        "ref\u202eund",
        "::error::",
        "请求退款",
        "x" * 39,
        "\x1b[31mred",
        *(f"label {at}" for at in range(9)),
    ]
    rows = [chat(text, answers[at % len(answers)], who=at % 50) for at, text in enumerate(sentences(300))]
    data = write(tmp_path / "data.jsonl", rows)
    for options in (("--ratio", "80:10:10"), ("--folds", "7"), ("--into", f"{'n' * 24}=rest,b=1")):
        assert split(data, tmp_path / "out", "--group-by", "who", "--dry-run", *options) == 0
        said = capsys.readouterr().out
        assert all(len(line) <= 80 for line in said.splitlines())
        assert not {"\u202e", "\x1b"} & set(said)
        assert "::error" not in said
        assert "and 6 others" in said


def test_what_misses_its_size_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [chat(text, PROSE, who=at % 5) for at, text in enumerate(sentences(100))]
    data = write(tmp_path / "data.jsonl", rows)
    assert split(data, tmp_path / "out", "--into", "train=rest,test=33", "--group-by", "who") == 0
    assert {name: len(having) for name, having in parts(tmp_path / "out").items()} == {"train": 60, "test": 40}
    assert "test has 7 more than asked: clusters stay whole" in capsys.readouterr().out


def test_tokens_are_counted_or_said_to_be_estimated(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dslint.tokens import count_with_tiktoken

    assert split(data, tmp_path / "exact") == 0
    assert "o200k_base, counted" in capsys.readouterr().out
    exact = {name: entry["total"] for name, entry in manifest(tmp_path / "exact")["tokens"]["splits"].items()}
    for name, having in parts(tmp_path / "exact").items():
        texts = [
            turn[key] for line in having for turn in json.loads(line)["messages"] for key in ("role", "content")
        ]
        assert exact[name] == sum(count_with_tiktoken("o200k_base", texts)) + 9 * len(having)  # 2 turns, the reply
    monkeypatch.setattr("dslint.splits.COUNTED_BYTES", os.path.getsize(data) // 3)
    assert split(data, tmp_path / "guess") == 0
    assert "estimated (~) from" in capsys.readouterr().out
    for name, entry in manifest(tmp_path / "guess")["tokens"]["splits"].items():
        assert abs(entry["total"] - exact[name]) < 0.05 * exact[name]


def test_the_plan_names_what_failed(data: Path, tmp_path: Path) -> None:
    assert split(data, tmp_path / "out") == 0
    table = manifest(tmp_path / "out")
    table["checks"]["near_duplicates_over_two_splits"] = 3
    table["clusters"]["recut"] = 1
    assert any("FAILED 3 × pair of near-duplicates over two splits; 1 chain" in line for line in plan_lines(table))
