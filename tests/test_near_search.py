"""How `lint` searches for near-duplicates: what an audit says of it, and the search that compares all pairs."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest
from test_similarity import requests

import dslint.report
import dslint.similarity
from dslint.near_search import Audited, NearSearch
from dslint.report.audited import audit_lines
from dslint.similarity import Audit, Join
from dslint.similarity.brute import effort

SCHEMA = json.loads(Path(dslint.report.__file__).with_name("findings.schema.json").read_text("utf-8"))


def write(path: Path, texts: list[str]) -> None:
    rows = ([{"role": "user", "content": text}, {"role": "assistant", "content": "so"}] for text in texts)
    path.write_text("".join(json.dumps({"messages": row}) + "\n" for row in rows))


def family(count: int) -> list[str]:
    """A template with two slots: more near-duplicates than the search by sketches looks at."""
    word = random.Random(5).choices
    slots = ("".join(word("ghijklmnop", k=6)) for _ in range(count))
    return [f"please confirm the visit of {slot} with the doctor next week" for slot in slots]


def test_an_audit_goes_to_standard_error_and_leaves_the_report_alone(main, here):
    write(here / "train.jsonl", requests(1500))
    command = ["lint", "train.jsonl", "--isolated", "--select", "near-duplicate", "--output-format", "concise"]
    plain, audited = main(*command), main(*command, "--audit")
    assert (audited.code, audited.out) == (plain.code, plain.out)
    assert plain.err == ""
    first, at_90, at_85 = audited.err.splitlines()
    assert first == "dslint: audit of train.jsonl: 300 of 1,500 questions compared with all others"
    assert at_90.startswith("dslint:   likeness 90 or more: ")
    assert at_85.startswith("dslint:   likeness 85 or more: ")


def test_json_has_what_an_audit_measured(main, here):
    write(here / "train.jsonl", requests(1500))
    command = ["lint", "train.jsonl", "--isolated", "--select", "near-duplicate", "--output-format", "json"]
    assert "audit" not in json.loads(main(*command).out)["summary"]
    report = json.loads(main(*command, "--audit").out)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    (audit,) = report["summary"]["audit"]
    assert (audit["paths"], audit["questions"], audit["asked"]) == (["train.jsonl"], 1500, 300)
    at_90, at_85 = audit["likeness"]
    assert (at_90["at_least"], at_85["at_least"]) == (90, 85)
    assert 20 < at_90["pairs"] <= at_85["pairs"]
    assert at_90["recall"] == pytest.approx(at_90["found"] / at_90["pairs"])
    assert at_90["recall"] > 0.97


def test_an_audit_sees_what_a_search_misses(monkeypatch):
    texts, whole = requests(1500), dslint.similarity.join
    monkeypatch.setattr(dslint.similarity, "join", lambda *a, **k: Join(whole(*a, **k).pairs[::2], [], 0))
    search = NearSearch(audit=True)
    search.join(texts, 85.0, ["train.jsonl"])
    (audited,) = search.audits
    for _, there in audited.at:
        assert there.expected > 20
        assert 0.2 < there.recall < 0.8


def test_exact_finds_what_is_passed_over_in_a_template(main, here):
    write(here / "train.jsonl", family(1200))
    command = ["lint", "train.jsonl", "--isolated", "--select", "near-duplicate", "--audit"]
    command += ["--output-format", "json"]
    (sketched,) = json.loads(main(*command).out)["summary"]["audit"]
    (exact,) = json.loads(main(*command, "--exact").out)["summary"]["audit"]
    assert (sketched["exact"], exact["exact"]) == (False, True)
    assert sketched["capped"] > exact["capped"] == 0
    assert sketched["likeness"][1]["recall"] < exact["likeness"][1]["recall"] == 1
    assert sketched["likeness"][1]["pairs"] == exact["likeness"][1]["pairs"]


def test_each_set_is_audited_and_one_without_pairs_says_so(main, here):
    for name in ("one", "two"):
        (here / name).mkdir()
        write(here / name / "train.jsonl", ["How do I reset my password?", "Where is my parcel?"])
    (here / "two" / "test.jsonl").write_bytes((here / "one" / "train.jsonl").read_bytes())
    ran = main("lint", "one", "two", "--isolated", "--select", "near-duplicate", "--audit")
    assert ran.err.splitlines() == [
        "dslint: audit of one/train.jsonl: 2 of 2 questions compared with all others",
        "dslint:   likeness 90 or more: no pairs",
        "dslint:   likeness 85 or more: no pairs",
        "dslint: audit of two/test.jsonl and 1 more file: 2 of 4 questions compared with all others",
        "dslint:   likeness 90 or more: no pairs",
        "dslint:   likeness 85 or more: no pairs",
    ]


def test_an_audit_without_a_search_says_so(main, here):
    write(here / "train.jsonl", ["How do I reset my password?"])
    ran = main("lint", "train.jsonl", "--isolated", "--select", "JSN", "--audit")
    assert ran.err == "dslint: audit: no rule of this run looks for near-duplicates\n"


def test_what_was_passed_over_is_said():
    lines = list(audit_lines([Audited(("a.jsonl",), 9, 7, False, ((90.0, Audit(9, 3, 2)),))]))
    assert lines[1:] == [
        "  likeness 90 or more: 2 of 3 pairs found, recall 0.6667",
        "  a step of the search passed over 7 pairs in large templates (--exact compares all)",
    ]


def test_an_exact_search_that_takes_long_is_announced_and_done(monkeypatch):
    said: list[str] = []
    search = NearSearch(exact=True, say=said.append)
    texts = family(1200)
    assert len(search.join(texts, 85.0, ["a.jsonl"]).pairs) > 1200
    assert said == []
    monkeypatch.setattr("dslint.near_search.NOTICED", 0.0)
    search.join(texts, 85.0, ["a.jsonl"])
    assert said == []  # it is the search of before
    search.join(texts, 80.0, ["a.jsonl"])
    assert said == ["--exact: 1,200 questions, 719,400 comparisons, about a minute on two cores"]


@pytest.mark.parametrize("threshold", [50.0, 85.0, 100.0])
def test_the_effort_counts_pairs_of_alike_length(threshold):
    lengths = random.Random(2).choices(range(4, 400), k=200)
    shares = (200 * min(pair) / sum(pair) for pair in combinations(lengths, 2))
    pairs, seconds = effort(lengths, threshold)
    assert pairs == sum(share >= threshold - 1e-6 for share in shares)
    assert effort(lengths * 2, threshold)[1] > 3 * seconds
