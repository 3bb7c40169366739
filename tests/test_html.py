"""The HTML report: a strict parser reads it, nothing in it acts or is fetched, its facts are those of commands."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import FIXTURES, report_of, run_on, written

from dslint.distribution import bins
from dslint.findings import SEVERITIES, Finding, Related, Where
from dslint.report import Report
from dslint.report.html import LIMIT
from dslint.report.html.charts import edge, short
from dslint.report.html.sides import Side, cards
from dslint.report.text import place
from dslint.report.visible import visible
from dslint.sources import Source

TRIAGE = FIXTURES / "projects" / "triage"
TAGS = """html head meta title style body header main nav section article footer div p span h1 h2 h3 ul ol li dl
dt dd table caption thead tbody tr th td a b i code pre mark figure figcaption details summary svg rect"""
ATTRIBUTES = """lang charset http-equiv content name class id href scope aria-label aria-hidden focusable tabindex
open width height x y viewBox preserveAspectRatio"""


def name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def parsed(page: str) -> Element:
    """The page as a parser that forgives nothing reads it, after a look at what is in it."""
    found = html5lib.HTMLParser(strict=True).parse(page)
    elements = list(found.iter())
    assert {name_of(one) for one in elements} <= set(TAGS.split())
    assert {key for one in elements for key in one.attrib} <= set(ATTRIBUTES.split())
    ids = Counter(one.attrib["id"] for one in elements if "id" in one.attrib)
    assert set(ids.values()) <= {1}
    links = {one.attrib["href"] for one in elements if "href" in one.attrib}
    assert links <= {f"#{name}" for name in ids}
    return found


def texts(page: Element, tag: str, kind: str = "") -> list[str]:
    wanted = (one for one in page.iter() if name_of(one) == tag)
    return ["".join(one.itertext()) for one in wanted if not kind or kind in one.attrib.get("class", "").split()]


def rows(page: Element, section: str) -> Iterator[list[str]]:
    """The rows of the tables in a section, bars left out."""
    (part,) = (one for one in page.iter() if one.attrib.get("id") == section)
    for row in (one for one in part.iter() if name_of(one) == "tr"):
        yield ["".join(cell.itertext()) for cell in row if cell.attrib["class"] != "b"]


def triage(main: Any, *more: str) -> Element:
    ran = main(
        "lint", "--config", str(TRIAGE / "dslint.toml"), "--output-format", "html", *more, str(TRIAGE), "--quiet"
    )
    assert (ran.code, ran.err) == (1, "")
    return parsed(ran.out)


def test_hostile_findings_are_said_and_make_no_markup(heap: tuple[Report, Report]) -> None:
    for report in heap:
        page = parsed(written("html", report))
        assert len(texts(page, "article")) == 1_000
        every = {visible(finding.message) for finding in report.findings}
        assert set(texts(page, "p", "said")) <= every
        assert len(texts(page, "details", "rule")) == 4
    assert len(set(texts(parsed(written("html", heap[0])), "p", "said"))) > 500


def test_the_policy_allows_the_style_and_nothing_else() -> None:
    page = written("html", report_of([], []))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    known = b64encode(sha256(style.encode()).digest()).decode()
    assert policy.replace("&#x27;", "'").split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{known}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not re.search(r"url\(|@import|https?:", style)


@pytest.mark.parametrize("name", ["err", "ok", "fix"])
def test_a_strict_parser_reads_the_fixtures(name: str) -> None:
    report = run_on(str(FIXTURES / name))
    page = parsed(written("html", report))
    assert len(texts(page, "article")) == len(report.findings) > 0 or name == "ok"


def test_what_is_wrong_comes_first_with_its_place_and_remedy(main: Any) -> None:
    page = triage(main)
    (verdict,) = texts(page, "h1")
    assert verdict == "Fails with 5 errors, 2 warnings, 1 note"
    titles = texts(page, "h2")
    assert titles[:2] == ["What is wrong, and where", "Tokens"]
    levels = [row[0].split()[0] for row in list(rows(page, "findings"))[1:]]
    assert levels == ["error"] * 5 + ["warning"] * 2 + ["info"]
    (article,) = (said for said in texts(page, "article") if "line ends before" in said)
    assert f"{TRIAGE / 'train.jsonl'}:21:261" in article
    assert "messages[2].content" in article
    assert "Remedy write the record again from its source" in texts(page, "p", "remedy")
    (empty,) = (said for said in texts(page, "pre") if said.endswith('"content": ""}]}'))
    assert '""' in texts(page, "mark")
    assert empty.startswith("28…")
    assert "" in texts(page, "mark")  # where a line ends too early


def test_a_conflict_stands_side_by_side_with_the_words_marked_that_differ(main: Any) -> None:
    page = triage(main, "--select", "conflicting-answers,near-conflicting-answers")
    one, other, *near = texts(page, "div", "card")
    assert one.endswith("Answerbilling")
    assert "the same question" in other
    assert other.endswith("Answeraccount")
    assert len(near) == 2
    assert texts(page, "mark")[:2] == ["billing", "account"]


def test_marks_are_the_words_that_the_other_has_not() -> None:
    def side(asked: str, answered: str) -> Side:
        return Side(Where("a", 1), "train", asked, answered)

    shown = cards(side("pay <b>my</b> bill", "1"), [side("pay your bill please", "1")])
    assert re.findall(r"<mark>(.*?)</mark>", shown) == ["&lt;b&gt;my&lt;/b&gt;", "your", "please"]
    assert cards(side("a", "b"), []) == ""
    long = " ".join(f"word{number}" for number in range(300))
    shown = cards(side(f"{long} one", ""), [side(f"{long} two", "")])
    assert "… word288" in shown
    assert len(shown) < 2_000


def test_the_facts_are_those_of_stats_and_cost(main: Any) -> None:
    page = triage(main)
    stats = json.loads(main("stats", str(TRIAGE), "--isolated", "--output-format", "json").out)
    cost = json.loads(main("cost", str(TRIAGE), "--isolated", "--target", "openai", "--format", "json").out)
    tokens = {name: f"{stats['tokens'][name]:,}" for name in ("p50", "p90", "p99", "max", "total")}
    assert ["tokens", *tokens.values()] in rows(page, "tokens")
    assert ["turns", *(f"{stats['turns'][name]:,}" for name in tokens)] in rows(page, "tokens")
    places = [[place(Where(one["path"], one["line"])), f"{one['tokens']:,}"] for one in stats["longest"]]
    assert [row for row in rows(page, "tokens") if row in places] == places
    assert {row[0]: int(row[2].replace(",", "")) for row in list(rows(page, "roles"))[1:]} == {
        role: spread["total"] for role, spread in stats["roles"].items()
    }
    assert {row[0]: int(row[1]) for row in list(rows(page, "labels"))[1:]} == stats["labels"]
    models = {row[0]: row[2] for row in list(rows(page, "cost"))[1:]}
    assert models == {one["model"]: f"{one['training']:,.2f}" for one in cost["costs"]}
    parts = {row[0]: int(row[1]) for row in list(rows(page, "split")) if row[0] in ("train", "test")}
    assert parts == {file["role"]: file["records"] for file in stats["files"]}
    clusters = [row for row in rows(page, "clusters") if row[0].startswith("DUP103")]
    assert clusters == [["DUP103 conflicting-answers", "1", "2", "2"]]


def test_columns_hold_every_record(main: Any) -> None:
    page = triage(main)
    columns = [said for said in texts(page, "span", "unseen") if said.startswith("tokens ")]
    assert sum(int(said.rpartition(": ")[2].split()[0].replace(",", "")) for said in columns) == 39
    beyond = [one for one in page.iter() if one.attrib.get("class") == "beyond"]
    assert len(beyond) == 1  # one record is longer than the 2,048 tokens that the configuration allows


def long_findings(folder: Path, count: int, text: str) -> Report:
    path = folder / "long.jsonl"
    path.write_text("".join(json.dumps({"text": f"{text}{number}"}) + "\n" for number in range(count)))
    found = [
        Finding(
            Where("long.jsonl", number + 1, "/text"),
            text[:300] + str(number),
            f"TST10{number % 4}",
            SEVERITIES[number % 3],
            tuple(Related(Where(text, 0), text) for _ in range(9)),
        )
        for number in range(count)
    ]
    return report_of(found, [Source("long.jsonl", path, "train")])


def test_a_page_has_at_most_five_megabytes_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    page = written("html", long_findings(tmp_path, 3_000, "\U000e0001<&'\"" * 300))
    assert LIMIT * 0.95 < len(page.encode()) <= LIMIT
    shown = texts(parsed(page), "article")
    left = [int(said.replace(",", "")) for said in re.findall(r"([\d,]+) of 750 findings left out", page)]
    assert len(shown) + sum(left) == 3_000
    assert len(left) == 4


def test_none_found_is_said_plainly(main: Any, sound: Any, here: Path) -> None:
    (here / "a.jsonl").write_bytes(sound(20))
    ran = main("lint", "--isolated", "--output-format", "html", "a.jsonl")
    page = parsed(ran.out)
    assert (ran.code, texts(page, "h1")) == (0, ["Passes: nothing found"])
    assert not texts(page, "article")
    assert "No price is known for generic" in ran.out


def test_what_could_not_be_checked_is_on_top(main: Any, here: Path, sound: Any) -> None:
    (here / "a.jsonl").write_bytes(sound(20))
    ran = main("lint", "--isolated", "--output-format", "html", "a.jsonl", "gone<b>.jsonl")
    page = parsed(ran.out)
    assert (ran.code, texts(page, "h1")) == (2, ["Could not check everything"])
    assert "gone<b>.jsonl" in "".join(texts(page, "div", "failed"))


def test_no_data_is_a_page_too(main: Any, here: Path) -> None:
    (here / "a.jsonl").write_bytes(b"")
    ran = main("lint", "--isolated", "--output-format", "html", "a.jsonl")
    page = parsed(ran.out)
    assert texts(page, "h2") == ["What is wrong, and where"]
    assert "JSN" in ran.out


def test_references_are_no_part_of_the_set(main: Any, here: Path, sound: Any) -> None:
    (here / "train.jsonl").write_bytes(sound(20))
    (here / "bench.jsonl").write_bytes(sound(30, 10))
    ran = main("lint", "--isolated", "--output-format", "html", "train.jsonl", "--against", "bench.jsonl")
    page = parsed(ran.out)
    assert [row[0] for row in rows(page, "split")] == ["File", "train.jsonl"]
    assert "Each record has 2 turns." in texts(page, "p")


def test_a_secret_label_is_masked(main: Any, here: Path) -> None:
    secret = "ghp_" + "k3YxQ7bZa9Tf2LmW0cRuV5nHs8dE1jKg4pXo"
    with (here / "train.jsonl").open("w") as file:
        for number in range(24):
            answer = secret[:40] if number % 2 else "billing"
            turns = [{"role": "user", "content": f"{number * 7919}?"}, {"role": "assistant", "content": answer}]
            file.write(json.dumps({"messages": turns}) + "\n")
    ran = main("lint", "--isolated", "--output-format", "html", "train.jsonl")
    labels = [row[0] for row in list(rows(parsed(ran.out), "labels"))[1:]]
    assert labels == ["billing", "•" * 40]
    assert secret[4:16] not in ran.out


@given(st.lists(st.integers(0, 10**7), max_size=50))
def test_bins_hold_every_number_once(values: list[int]) -> None:
    found = bins(values)
    assert len(found) <= 18
    assert bool(found) == bool(values)
    for one, following in pairwise(found):
        assert one.high + 1 == following.low
    for one in found:
        assert one.number == sum(one.low <= value <= one.high for value in values)
    assert sum(one.number for one in found) == len(values)
    assert all(found[place].number for place in ((0, -1) if found else ()))


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (999, "999"), (1_040, "1k"), (9_950, "10k"), (12_345, "12k"), (999_999, "1M")]
)
def test_short_numbers(number: int, said: str) -> None:
    assert short(number) == said


def test_edges_are_powers_of_two_as_people_know_them() -> None:
    assert [edge(number) for number in (512, 1024, 1536, 65_536, 5_000)] == ["512", "1k", "1.5k", "64k", "5k"]
