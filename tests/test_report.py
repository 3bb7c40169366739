"""Reports: nothing in the data can act in them, carets stand where they point, formats hold to their schema."""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import jiter
import jsonschema
import pytest
from hostile import TRICKS, Command, acts, commands
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dslint.report
from dslint.cli.terminal import color_for
from dslint.config import Config
from dslint.driver import Result, lint
from dslint.findings import Finding, Related, Where
from dslint.inputs import gather
from dslint.report import FORMATS, Report, renderer
from dslint.report.excerpt import excerpt
from dslint.report.visible import pieces, visible, width_of
from dslint.ruledef import Rule, build
from dslint.sources import Source

FIXTURES = Path(__file__).parent.parent / "fixtures"
SCHEMA = json.loads(Path(dslint.report.__file__).with_name("findings.schema.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)
VALID_FINDING = VALID.evolve(schema={"$ref": "#/$defs/finding", "$defs": SCHEMA["$defs"]})
HUMAN = ("full", "concise", "grouped", "statistics", "github")  # those of which every line is read by a person
symbols = st.one_of(st.sampled_from("::##[]%\r\n,=/ \t\x1b~"), st.characters())
hostile = st.lists(st.one_of(symbols, st.sampled_from(TRICKS)), max_size=20).map("".join)
names = hostile.filter(bool)


def nothing(line: Any) -> None:
    """A rule for reports."""


RULES = [build(nothing, code=f"TST10{n}", name=f"rule-{n}", severity="error", help="mend it") for n in range(4)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that examples may overwrite."""
    return tmp_path_factory.mktemp("report") / "data.jsonl"


def report_of(findings: list[Finding], sources: list[Source] | None = None, rules: list[Rule] = RULES) -> Report:
    return Report(Result(sorted(findings, key=Finding.sort_key), rules=rules), sources or [], "generic")


def written(name: str, report: Report) -> str:
    out = io.StringIO()
    renderer(name)(report, out)
    return out.getvalue()


def annotations(output: str) -> list[Command]:
    opened, *found = commands(output)
    assert opened == ("group", {}, "dslint findings")
    assert found.pop(0) == ("endgroup", {}, "")
    return found


# What is visible


@given(hostile)
@example(":::::")
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    shown = visible(text, 10_000)
    assert not acts(shown)
    assert "::" not in shown
    assert not re.search(r"##(\[|vso\[|teamcity\[)", shown)


@given(st.text(st.characters(categories=("Lu", "Ll", "Lt", "Nd", "Pd", "Sc", "Sm", "Zs"))), st.integers(1, 50))
def test_plain_text_stays_as_it_is_up_to_the_limit(text: str, limit: int) -> None:
    assert visible(text, limit) == (text if len(text) <= limit else text[: limit - 1] + "…")


places = st.builds(
    Where,
    st.just("data.jsonl"),
    st.integers(0, 4),
    hostile.map("/{}".format) | st.sampled_from(["", "/a", "/a/0"]),
    st.none() | st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda span: (min(span), max(span))),
    st.none() | st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda span: (min(span), max(span))),
)


@settings(max_examples=150)
@given(places, names, hostile, hostile, hostile, hostile)
def test_no_human_format_lets_data_act(
    path: Path, where: Where, name: str, message: str, note: str, help: str, line: str
) -> None:
    path.write_bytes(b'{"a": ["x"]}\n' + line.encode("utf-8", "replace") + b'\n{"a": "\xff::\x1b##[x]"}\n')
    rule = build(nothing, code="TST101", name="rule-1", severity="error", help=help or "mend it")
    lines = {}
    for shown_name, texts in {name: (message, note), "plain": ("x", "y")}.items():
        place = where._replace(source=shown_name)
        found = Finding(place, texts[0], "TST101", "error", (Related(place, texts[1]),))
        for style in HUMAN:
            output = written(style, report_of([found], [Source(shown_name, path)], [rule]))
            assert not acts(output.replace("\n", ""))
            assert not re.search(r"##(\[|vso\[|teamcity\[)", output)
            if style == "github":
                assert [command.name for command in annotations(output)] == ["error"]
            else:
                assert commands(output) == []
            assert lines.setdefault(style, output.count("\n")) == output.count("\n")


@pytest.mark.parametrize("style", HUMAN)
def test_hostile_data_stays_data_from_end_to_end(main, monkeypatch, style: str) -> None:
    monkeypatch.chdir(FIXTURES / "err")
    options = ("--isolated", "--select", "unknown-role", "--output-format", style)
    ran = main("lint", *options, "hostile.jsonl", "x\n::error::y\x1b[2J\udcff")
    assert not acts((ran.out + ran.err).replace("\n", ""))
    assert commands(ran.err) == []
    assert [found.properties["line"] for found in commands(ran.out) if found.name == "error"] == (
        [str(n) for n in range(1, 11)] if style == "github" else []
    )


# Excerpts

clusters = st.one_of(
    st.sampled_from(
        ["a", "日", "한", "\u1112\u1161\u11ab", "e\u0301", "ก\u0e34", "❤\u20e3", "\t", "\x1b", "::", "##["]
    ),
    st.characters(exclude_characters="…", exclude_categories=("Mn", "Me")),
)
texts = st.lists(clusters, max_size=120).map(lambda parts: "x" + "".join(parts))


def cut_at(window: str, column: int) -> tuple[str, str]:
    """The window before and from a column on; what joins the character before it belongs to that."""
    place = next(n for n in range(len(window) + 1) if width_of(window[:n]) >= column)
    while place < len(window) and not width_of(window[place]):
        place += 1
    return window[:place], window[place:]


@given(texts, st.integers(0, 400), st.integers(0, 400), st.integers(20, 120))
@example("x\u1112\u1161\u11ab", 0, 2, 20)
def test_carets_stand_under_the_span(text: str, first: int, last: int, width: int) -> None:
    start, end = min(first, last), max(first, last)
    window, carets = excerpt(text, start, end, width)
    assert re.fullmatch(r" *\^+", carets)
    assert max(width_of(window), len(carets) - (start >= len(text))) <= width

    shown = pieces(text)
    start, end = min(start, len(text)), min(end, len(text))
    while start < end and not width_of(shown[start]):
        start -= 1
    before, rest = cut_at(window, carets.count(" "))
    assert width_of(before) == carets.count(" ")
    assert "".join(shown[:start]).endswith(before.removeprefix("…"))
    assert "".join(shown[start:]).startswith(rest.removesuffix("…"))
    assert before.startswith("…") == (before.removeprefix("…") != "".join(shown[:start]))
    assert rest.endswith("…") == (rest.removesuffix("…") != "".join(shown[start:]))
    if start < end:
        assert rest.startswith(shown[start])
        marked, after = cut_at(rest, carets.count("^"))
        assert width_of(marked) == carets.count("^")
        while end < len(text) and not width_of(shown[end]):  # what joins the last character is marked with it
            end += 1
        assert marked == "".join(shown[start:end]) or after == "…"
    else:
        assert carets.count("^") == 1


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("日本 x", (3, 4), ("日本 x", "     ^")),
        ("日本 x", (0, 2), ("日本 x", "^^^^")),
        ("\tx", (1, 2), ("\\u0009x", "      ^")),
        ("\tx", (0, 1), ("\\u0009x", "^^^^^^")),
        ("e\u0301x", (2, 3), ("e\u0301x", " ^")),
        ("e\u0301x", (1, 2), ("e\u0301x", "^")),
        ("กินx", (3, 4), ("กินx", "  ^")),
        ("\u1112\u1161\u11abx", (3, 4), ("\u1112\u1161\u11abx", "  ^")),
        ("5\u20e3x", (2, 3), ("5\u20e3x", " ^")),
        ("ab", (2, 2), ("ab", "  ^")),
        ("ab", (7, 9), ("ab", "  ^")),
        ("", (0, 0), ("", "^")),
        ("a" * 50, (40, 50), ("…" + "a" * 16, " " * 7 + "^" * 10)),
        ("a" * 50, (0, 50), ("a" * 18 + "…", "^" * 18)),
    ],
)
def test_an_excerpt(text: str, span: tuple[int, int], expected: tuple[str, str]) -> None:
    assert excerpt(text, *span, 20) == expected


# GitHub


@settings(max_examples=150)
@given(names, st.lists(st.tuples(places, hostile), min_size=1, max_size=5, unique=True), hostile)
@example("=,a:b%3A::c ", [(Where("", 2, "/a", None, (3, 5)), "100%, ok: %0A")], "日本%")
def test_the_runner_reads_back_what_was_found(
    path: Path, name: str, found: list[tuple[Where, str]], line: str
) -> None:
    lines = [b'{"a": ["x"]}', *line.encode("utf-8", "replace").splitlines(), b'{"\xff": 1}']
    path.write_bytes(b"\n".join(lines))
    source = Source(name, path)
    findings = [Finding(place._replace(source=name), text, "TST101", "error") for place, text in found]
    report = report_of(findings, [source])
    output = written("github", report)
    for located, command in zip(report.located(), annotations(output), strict=True):
        where = located.finding.where
        expected = {"title": "dslint TST101 rule-1", "file": "./" * name.startswith("=") + visible(name, 4096)}
        told = [visible(located.finding.message)]
        if where.pointer:
            told = [f"{visible(where.json_path)}: {told[0]}"]
        if where.line:
            number = str(where.line)
            columns = {"col": str(located.start + 1), "endColumn": str(max(located.end, located.start + 1))}
            expected |= {"line": number, "endLine": number, **columns}
        if where.line and located.text:
            told.append(excerpt(located.text, located.start, located.end, 200)[0])
        assert command == ("error", expected, "\n".join([*told, "help: mend it"]))


@pytest.mark.parametrize(
    "name", ["a,b:c%.jsonl", "100%25.jsonl", " x", "x ", "日本 é.jsonl", "a=b", "=b", "a]b", "d/" * 400 + "x.jsonl"]
)
def test_an_annotation_names_the_very_file(here: Path, name: str) -> None:
    (here / name).parent.mkdir(parents=True, exist_ok=True)
    (here / name).write_text("{}\n")
    for line in (0, 1):
        found = Finding(Where(name, line), "x", "TST101", "error")
        (command,) = annotations(written("github", report_of([found], [Source(name, here / name)])))
        assert os.path.samefile(command.properties["file"], name)


LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
heaps = st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(list(LEVELS)), st.integers(1, 30))


@settings(max_examples=60)
@given(st.lists(heaps, max_size=12, unique_by=lambda heap: heap[:3]))
@example([("a", 0, "error", 30), ("b", 0, "error", 1), ("c", 3, "error", 1), ("a", 1, "info", 11)])
def test_annotations_keep_to_the_limit_and_nothing_crowds_out_the_rest(heaps: list[Any]) -> None:
    findings = [
        Finding(Where(name, 0, f"/{number}"), "x", f"TST10{rule}", level)
        for name, rule, level, count in heaps
        for number in range(count)
    ]
    output = written("github", report_of(findings))
    found = annotations(output)
    places = [(command.name, command.properties["title"][7:13], command.properties["file"]) for command in found]
    for level, command in LEVELS.items():
        there = Counter((one.code, one.where.source) for one in findings if one.severity == level)
        told = Counter((code, name) for each, code, name in places if each == command)
        assert told.total() == min(10, there.total())
        assert len({code for code, _ in told}) == len({code for code, _ in there})
        for rule in {code for code, _ in told}:
            shown = sum(count for (code, _), count in told.items() if code == rule)
            files = sum(code == rule for code, _ in there)
            assert sum(code == rule for code, _ in told) == min(shown, files)
    left = f"{len(findings) - len(found):,} not annotated (GitHub shows 10 per level per step)"
    assert (left in output.splitlines()[-1]) == (len(found) < len(findings))


# json and json-lines


def checked(report: Report) -> Any:
    """What json says, read by two readers and held against the schema; json-lines must say the same."""
    output, lines = written("json", report), written("json-lines", report)
    assert (output + lines).isascii()
    whole = jiter.from_json(output.encode(), allow_inf_nan=False)
    assert whole == json.loads(output)
    VALID.validate(whole)
    assert [json.loads(line) for line in lines.splitlines()] == whole["findings"]
    for finding in whole["findings"]:
        VALID_FINDING.validate(finding)
    return whole


def run_on(*names: str) -> Report:
    config = Config(isolated=True)
    inputs = gather(list(names), config)
    result = lint(inputs.sources, config)
    result.troubles.extend(inputs.troubles)
    return Report(result, inputs.sources, "generic")


@pytest.mark.parametrize("name", ["err", "projects/triage", "ok"])
def test_json_holds_to_its_schema(name: str) -> None:
    report = run_on(str(FIXTURES / name))
    whole = checked(report)
    assert len(whole["findings"]) == len(report.findings) == sum(whole["summary"]["counts"].values())


def objects(value: Any) -> Any:
    """Every object inside a value."""
    if isinstance(value, dict):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from chain.from_iterable(map(objects, inside))


def test_the_schema_is_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    found = Finding(Where("a", 0), "x", "TST101", "error", (Related(Where("b", 1), "y"),), "safe", 99.5)
    whole = checked(report_of([found]))
    whole["summary"]["files"] = [{"path": "a", "role": "", "lines": 1, "records": 1, "layout": "chat"}]
    whole["errors"] = [{"message": "x", "help": ""}]
    VALID.validate(whole)
    assert len(list(objects(whole))) == 9
    for each in objects(whole):
        for key in [*each, "more"]:
            kept = dict(each)
            each.pop(key, None) if key in each else each.update({key: 1})
            assert not VALID.is_valid(whole), key
            each.clear()
            each.update(kept)
    assert not VALID_FINDING.is_valid(whole["findings"][0] | {"column": 1})
    assert not VALID_FINDING.is_valid(whole["findings"][0] | {"line": 1})


@settings(max_examples=150)
@given(places, names, hostile, hostile, st.none() | st.floats())
def test_json_says_hostile_text_in_full(
    path: Path, where: Where, name: str, text: str, line: str, score: float | None
) -> None:
    path.write_bytes(b'{"a": ["x"]}\n' + line.encode("utf-8", "replace") + b'\n{"a": "\xff"}\n')
    place = where._replace(source=name)
    found = Finding(place, text, "TST101", "error", (Related(place, text),), "unsafe", score)
    (said,) = checked(report_of([found], [Source(name, path)]))["findings"]
    for key, given_text in (("message", text), ("path", name), ("pointer", where.pointer)):
        parts = re.split("[\ud800-\udfff]", given_text)
        assert re.fullmatch("(�|%[89A-F][0-9A-F])".join(map(re.escape, parts)), said[key])
    assert (said["line"] is None) == (said["byte_offset"] is None) == (where.line == 0)


def test_names_that_are_not_utf8_are_spelled_out(here: Path) -> None:
    name = os.fsdecode(b"caf\xe9\n\"'.jsonl")
    (here / name).write_text("{oops\n")
    whole = checked(run_on(name, os.fsdecode(b"gone\xff.jsonl")))
    spelled = "caf%E9\n\"'.jsonl"
    assert [file["path"] for file in whole["summary"]["files"]] == [spelled]
    assert {finding["path"] for finding in whole["findings"]} == {spelled}
    assert whole["errors"] == [{"message": "gone%FF.jsonl: No such file or directory", "help": ""}]


# Colour and text


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("wish", "environment", "in_file", "on_screen"),
    [
        ("auto", {}, False, True),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ("never", {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, False, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, True, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("auto", {"TERM": "dumb"}, False, False),
    ],
)
def test_who_decides_on_colour(main, monkeypatch, wish, environment, in_file, on_screen) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(FIXTURES / "err")
    plain = main("lint", "--isolated", "--color", "never", "hostile.jsonl").out
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    shown = main("lint", "--isolated", "--color", wish, "hostile.jsonl").out
    assert ("\x1b[" in shown) == in_file
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain
    assert color_for(Screen(), wish) is on_screen


@pytest.mark.parametrize("style", ["json", "json-lines", "github"])
def test_programs_get_no_colour(main, monkeypatch, style: str) -> None:
    monkeypatch.chdir(FIXTURES / "err")
    assert "\x1b" not in main("lint", "--isolated", "--color", "always", "--output-format", style, ".").out


DATA = """\
{"messages": [{"role": "user", "content": "你好"}, {"role": "gpt", "content": ""}]}
{"messages": [{"role": "human", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
"""
FULL = """\
error MSG103 [*?] role-alias: role is 'gpt', meant is 'assistant'
  --> data.jsonl:1:59  messages[1].role
     |
   1 | … "content": "你好"}, {"role": "gpt", "content": ""}]}
     |                                ^^^^^
  = help: use OpenAI's role names

... 1 more role-alias (MSG103) in data.jsonl (all: --max-per-rule 0)

Checked 2 records in 1 file (chat) for target generic.
Found 2 errors, 0 warnings.
[*?] 2 fixable with `--fix --unsafe-fixes`.
"""
CONCISE = """\
data.jsonl:1:59: error MSG103 [*?] role-alias: role is 'gpt', meant is 'assistant' (messages[1].role)
... 1 more role-alias (MSG103) in data.jsonl (all: --max-per-rule 0)

Checked 2 records in 1 file (chat) for target generic.
Found 2 errors, 0 warnings.
[*?] 2 fixable with `--fix --unsafe-fixes`.
"""


@pytest.mark.parametrize(("style", "expected"), [("full", FULL), ("concise", CONCISE)])
def test_text_is_exactly_this(main, here: Path, style: str, expected: str) -> None:
    (here / "data.jsonl").write_text(DATA, "utf-8")
    options = ("--isolated", "--select", "role-alias", "--max-per-rule", "1", "--output-format", style)
    assert main("lint", *options, "data.jsonl") == (1, expected, "")


def test_without_source_no_data_is_shown_but_what_messages_say(main, here: Path) -> None:
    (here / "data.jsonl").write_text(DATA, "utf-8")
    for style in FORMATS:
        ran = main("lint", "--isolated", "--no-show-source", "--output-format", style, "data.jsonl")
        assert "你好" not in ran.out
        assert "Hello" not in ran.out
