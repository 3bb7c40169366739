"""Reports: nothing in the data can act in them, carets stand where they point, formats hold to their schema."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dslint.report
from dslint.cli.terminal import color_for
from dslint.config import Config
from dslint.driver import Result, lint
from dslint.findings import Finding, Where
from dslint.inputs import gather
from dslint.report import FORMATS, Report, renderer
from dslint.report.excerpt import excerpt
from dslint.report.github import PER_LEVEL
from dslint.report.visible import visible, width_of
from dslint.ruledef import Rule, build
from dslint.sources import Source

FIXTURES = Path(__file__).parent.parent / "fixtures"
SCHEMA = json.loads(Path(dslint.report.__file__).with_name("findings.schema.json").read_text("utf-8"))
HUMAN = [name for name in FORMATS if not name.startswith("json")]
TRICKS = [
    "::error file=a::b",
    "##[error]x",
    "##vso[task.setvariable variable=PATH]x",
    "\x1b]8;;http://x\x07",
    "\x1b[2J",
    "a\r\n::add-mask::b",
    "\u202eevil\u2066",
    "zero\u200bwidth",
    "%0A::warning::x",
    "\u2028::notice::x",
    "\x85::debug::x",
]
hostile = st.one_of(st.text(), st.sampled_from(TRICKS), st.tuples(st.sampled_from(TRICKS), st.text()).map("".join))


def nothing(line: Any) -> None:
    """A rule for reports."""


RULE = build(nothing, code="TST101", name="tested-rule", severity="error", help="mend it")
OTHER = build(nothing, code="TST102", name="other-rule", severity="error", help="mend it")


def report_of(findings: list[Finding], sources: list[Source], rules: tuple[Rule, ...] = (RULE, OTHER)) -> Report:
    return Report(Result(sorted(findings, key=Finding.sort_key), rules=rules), sources, "generic")


def written(name: str, report: Report) -> str:
    out = io.StringIO()
    renderer(name)(report, out)
    return out.getvalue()


@given(hostile)
def test_nothing_invisible_is_left(text: str) -> None:
    shown = visible(text, 10_000)
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in shown)
    assert "::" not in shown
    assert not re.search(r"##(\[|vso\[|teamcity\[)", shown)


@given(st.text(), st.integers(1, 300))
def test_what_is_visible_is_cut(text: str, limit: int) -> None:
    printable = "".join(char for char in text if char.isalnum())
    assert len(visible(printable, limit)) <= max(limit, len(printable) if len(printable) <= limit else limit)


@given(st.text(max_size=300), st.data(), st.integers(20, 120))
def test_carets_stand_under_the_span(text: str, data: st.DataObject, width: int) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    window, carets = excerpt(text, start, end, width)
    assert "\n" not in window
    assert width_of(window) <= width
    assert re.fullmatch(r" *\^+", carets)
    assert len(carets) <= width


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200), st.data())
def test_carets_mark_the_very_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 9)))
    if "::" in text or "##" in text:
        return
    window, carets = excerpt(text, start, end, 60)
    first = carets.index("^")
    if end > start:
        assert window[first : first + len(carets) - first] == text[start:end]


def test_wide_and_tabbed_text_keeps_carets_in_place() -> None:
    assert excerpt("日本 x", 3, 4, 40) == ("日本 x", "     ^")
    assert excerpt("\tx", 1, 2, 40) == ("\\u0009x", "      ^")
    assert excerpt("e\u0301x", 2, 3, 40) == ("e\u0301x", " ^")


# What the runner does with a line of output: actions/runner, ActionCommand.cs (TryParseV2, UnescapeData).
COMMAND = re.compile(r"^::(?P<name>[^ :]+)(?: (?P<properties>.*?))?::(?P<data>.*)$", re.DOTALL)
RUNNER_ENDS = re.compile(r"\r\n|\r|\n")


def unescaped(text: str, properties: bool) -> str:
    pairs = [("%0D", "\r"), ("%0A", "\n")] + ([("%3A", ":"), ("%2C", ",")] if properties else [])
    for coded, plain in pairs:
        text = text.replace(coded, plain)
    return text.replace("%25", "%")


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in RUNNER_ENDS.split(output):
        match = COMMAND.match(line.lstrip())
        if match:
            parts = (part.partition("=") for part in (match["properties"] or "").split(",") if part)
            properties = {key: unescaped(value, True) for key, _, value in parts}
            found.append((match["name"], properties, unescaped(match["data"], False)))
    return found


@settings(max_examples=200)
@given(st.lists(st.tuples(hostile, hostile, hostile), min_size=1, max_size=5))
def test_a_runner_reads_back_one_command_per_finding(texts: list[tuple[str, str, str]]) -> None:
    findings = [Finding(Where(name, 0, f"/{key}"), text, "TST101", "error") for name, key, text in set(texts)]
    output = written("github", report_of(findings, []))
    known = commands(output)
    assert [name for name, _, _ in known if name not in ("group", "endgroup")] == ["error"] * len(findings)
    assert [name for name, _, _ in known].count("group") == 1
    for name, properties, message in known:
        if name == "error":
            assert properties["title"] == "dslint TST101 tested-rule"
            assert message.splitlines()[-1] == "help: mend it"
    assert not re.search(r"##(\[|vso\[|teamcity\[)", output)


def test_an_annotation_carries_place_title_and_message(tmp_path: Path) -> None:
    path = tmp_path / "a,b:c%.jsonl"
    path.write_bytes(b'{"messages": [{"role": "robot"}]}\n')
    source = Source(path.name, path)
    where = Where(path.name, 1, "/messages/0/role")
    report = report_of([Finding(where, "role is 'robot', 100% wrong: yes", "TST101", "warning")], [source])
    (found,) = [one for one in commands(written("github", report)) if one[0] == "warning"]
    assert found[1] == {
        "title": "dslint TST101 tested-rule",
        "file": "a,b:c%.jsonl",
        "line": "1",
        "endLine": "1",
        "col": "24",
        "endColumn": "30",
    }
    assert found[2].startswith("messages[0].role: role is 'robot', 100% wrong: yes\n")


def test_annotations_keep_to_the_limit_and_show_every_rule() -> None:
    findings = [Finding(Where("a.jsonl", 0, f"/{n}"), f"m{n:02}", "TST101", "error") for n in range(40)]
    findings += [Finding(Where("a.jsonl", 0, "/x"), "rare", "TST102", "error")]
    output = written("github", report_of(findings, []))
    errors = [message for name, _, message in commands(output) if name == "error"]
    assert len(errors) == PER_LEVEL
    assert any("rare" in message for message in errors)
    assert "31 not annotated" in output
    assert "35 more" in output


@settings(max_examples=150)
@given(st.lists(st.tuples(hostile, hostile), min_size=1, max_size=4))
def test_no_human_format_lets_data_act(texts: list[tuple[str, str]]) -> None:
    findings = [Finding(Where("data.jsonl", 0, f"/{key}"), text, "TST101", "error") for key, text in set(texts)]
    for name in HUMAN:
        shown = written(name, report_of(findings, []))
        assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") for char in shown)


def run_on(path: Path) -> Report:
    config = Config(isolated=True)
    inputs = gather([str(path)], config)
    return Report(lint(inputs.sources, config), inputs.sources, "generic")


@pytest.mark.parametrize("name", ["err", "projects/triage", "ok"])
def test_json_holds_to_its_schema(name: str) -> None:
    report = run_on(FIXTURES / name)
    whole = json.loads(written("json", report))
    jsonschema.validate(whole, SCHEMA, cls=jsonschema.Draft202012Validator)
    lines = [json.loads(line) for line in written("json-lines", report).splitlines()]
    assert lines == whole["findings"]


def test_the_schema_is_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = run_on(FIXTURES / "err" / "messages.jsonl")
    whole = json.loads(written("json", report))
    whole["findings"][0]["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, SCHEMA, cls=jsonschema.Draft202012Validator)


@settings(max_examples=100)
@given(hostile, hostile, hostile)
def test_json_says_hostile_text_in_full(name: str, key: str, text: str) -> None:
    findings = [Finding(Where(name, 0, f"/{key}"), text, "TST101", "error")]
    output = written("json", report_of(findings, []))
    assert output.isascii()
    whole = json.loads(output)
    jsonschema.validate(whole, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert whole["findings"][0]["message"] == text


def test_a_file_name_that_is_not_utf8_is_spelled_out() -> None:
    findings = [Finding(Where("caf\udce9.jsonl", 0), "x", "TST101", "error")]
    assert json.loads(written("json", report_of(findings, [])))["findings"][0]["path"] == "caf%E9.jsonl"


class Screen(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, tty: bool) -> None:
        super().__init__()
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty


@pytest.mark.parametrize(
    ("wish", "environment", "tty", "expected"),
    [
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
    ],
)
def test_who_decides_on_colour(
    monkeypatch: pytest.MonkeyPatch, wish: str, environment: dict[str, str], tty: bool, expected: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert color_for(Screen(tty), wish) is expected
