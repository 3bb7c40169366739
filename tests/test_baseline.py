"""What is known and accepted is held back, and nothing else is."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.baseline import Entry, written
from dslint.baseline import read as read_baseline


def row(question, answer):
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns})


DIRTY = [
    row("What is the capital of France?", ""),
    row("Where is my parcel?", "shipping"),
    row("where is my  parcel?", "billing"),
    '{"messages": [}',
    *(row(f"Question number {number} about things", f"Answer {number * 7919}") for number in range(12)),
]


def write(path, rows):
    path.write_text("\n".join(rows) + "\n", "utf-8")


@pytest.fixture
def dirty(here):
    write(here / "a.jsonl", DIRTY)
    return here / "a.jsonl"


def test_after_a_baseline_only_new_findings_fail(main, dirty):
    assert main("lint", "a.jsonl").code == 1
    assert main("baseline", "create", "a.jsonl").code == 0
    again = main("lint", "a.jsonl")
    assert again.code == 0
    assert "known to the baseline" in again.out
    write(dirty, [*DIRTY, row("Something new?", " ")])
    found = json.loads(main("lint", "a.jsonl", "--output-format", "json").out)["findings"]
    assert [finding["line"] for finding in found] == [len(DIRTY) + 1]
    assert main("lint", "a.jsonl", "--no-baseline").code == 1
    assert main("lint", "a.jsonl", "--isolated").code == 1


def test_it_holds_in_another_order_and_another_file(main, dirty, here):
    main("baseline", "create", "a.jsonl")
    shuffled = DIRTY[:]
    random.Random(3).shuffle(shuffled)
    write(dirty, shuffled)
    assert main("lint", "a.jsonl").code == 0
    dirty.rename(here / "b.jsonl")
    assert main("lint", "b.jsonl").code == 0


def test_a_row_that_changes_is_judged_anew(main, dirty):
    main("baseline", "create", "a.jsonl")
    write(dirty, [row("What is the capital of Spain?", ""), *DIRTY[1:]])
    found = json.loads(main("lint", "a.jsonl", "--output-format", "json").out)["findings"]
    assert [(finding["line"], finding["code"]) for finding in found] == [(1, "MSG107")]


def test_one_more_side_of_a_known_conflict_is_new(main, dirty):
    main("baseline", "create", "a.jsonl")
    write(dirty, [*DIRTY, row("Where is my parcel?", "account")])
    assert "conflicting-answers" in main("lint", "a.jsonl").out


def test_entries_of_what_is_gone_are_stale_and_pruned(main, dirty, here):
    main("baseline", "create", "a.jsonl")
    write(dirty, DIRTY[1:])
    ran = main("lint", "a.jsonl")
    assert (ran.code, "1 entry of" in ran.err) == (0, True)
    assert main("lint", "a.jsonl", "--strict-baseline").code == 1
    assert main("baseline", "prune", "a.jsonl").out.endswith("1 gone\n")
    assert main("lint", "a.jsonl", "--strict-baseline").code == 0
    write(here / "other.jsonl", [row("Is all well?", "It is.")] * 1)
    assert "gone from the data" not in main("lint", "other.jsonl").err  # its file was not read


def test_create_does_not_overwrite_and_update_takes_over(main, dirty):
    main("baseline", "create", "a.jsonl")
    assert main("baseline", "create", "a.jsonl").code == 2
    write(dirty, [row("Nobody knows?", ""), *DIRTY[1:]])
    assert main("baseline", "update", "a.jsonl").out.endswith("1 new, 1 gone\n")
    assert main("lint", "a.jsonl", "--strict-baseline").code == 0


def test_a_waiver_names_one_record_and_why(main, dirty, here):
    found = json.loads(main("lint", "a.jsonl", "--output-format", "json").out)["findings"]
    empty = next(finding for finding in found if finding["code"] == "MSG107")
    waiver = f'[[waiver]]\nrule = "empty-assistant"\nrecord = "{empty["record"][:12]}"\n'
    (here / "dslint.toml").write_text(waiver + 'reason = "the model must learn to stay silent here"\n')
    left = json.loads(main("lint", "a.jsonl", "--output-format", "json").out)["findings"]
    assert [finding for finding in found if finding not in left] == [empty]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('rule = "empty-assistant"\nrecord = "0123456789ab"', "a waiver needs reason"),
        ('rule = "empty-assistant"\nrecord = "0123456789ab"\nreason = " "', "a waiver needs reason"),
        ('rule = "empty-assistant"\nrecord = "xyz"\nreason = "why"', "8 to 32 hex digits"),
        ('rule = "empty-assitant"\nrecord = "0123456789ab"\nreason = "why"', "did you mean"),
        ('rule = "empty-assistant"\nrecord = "0123456789ab"\nreason = "why"\nline = 3', "unknown key"),
    ],
)
def test_a_waiver_that_is_wrong(main, dirty, here, table, said):
    (here / "dslint.toml").write_text(f"[[waiver]]\n{table}\n")
    ran = main("lint", "a.jsonl")
    assert (ran.code, said in ran.err, ran.err.count("\n")) == (2, True, 1)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2, "entries": []}', '{"version": 1, "entries": [1]}'])
def test_a_baseline_that_is_none(main, dirty, here, text):
    (here / "dslint-baseline.json").write_text(text)
    ran = main("lint", "a.jsonl")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


WORDS = st.text(max_size=20)


@given(st.lists(st.builds(Entry, WORDS, WORDS, st.sampled_from(["", "ab" * 16, "cd" * 16]), WORDS)), st.randoms())
def test_a_file_is_the_same_whatever_the_order_and_reads_back(tmp_path_factory, entries, order):
    path = tmp_path_factory.mktemp("b") / "x.json"
    text = written(entries)
    shuffled = entries[:]
    order.shuffle(shuffled)
    assert written(shuffled) == text
    path.write_text(text, "utf-8")
    assert {entry.key for entry in read_baseline(path)} == {entry.key for entry in entries}
