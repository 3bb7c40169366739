"""Secrets and personal data: found where they stand, told from placeholders, shown in no report."""

from __future__ import annotations

import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.config import Config
from dslint.driver import lint
from dslint.kinds import load_toml
from dslint.loader import builtin, load
from dslint.locate import locate
from dslint.patterns import spans
from dslint.records import Record
from dslint.report import FORMATS, Report, renderer
from dslint.secrets import any_of, entropy, finding_at, is_placeholder, key, keys_in
from dslint.sources import Source

RULES = load(isolated=True)
SENSITIVE = [rule for rule in RULES.values() if rule.sensitive]
# Put together here, so that nobody takes this file for one that holds keys.
TOKEN = "gh" + "p_" + "7Qm2Vd9TzK4xWb6RnLc1Yp8HsJf3GtEa5UoN"
ADDRESS = "mira.oster" + "@" + "kastanienhof.net"
SECRETS = [TOKEN, ADDRESS]
EVERY = tuple(rule.name for rule in RULES.values())
ANSWER = {"role": "assistant", "content": "ok"}
RECORDS: dict[str, dict[str, Any]] = {
    "messages": {"messages": [{"role": "user", "content": f'é\n"{TOKEN}" of {ADDRESS}'}, ANSWER]},
    "parts": {
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "see"}, {"type": "text", "text": f"{TOKEN} {ADDRESS}"}],
            },
            ANSWER,
        ]
    },
    "alpaca": {"instruction": "Look", "input": f"at {TOKEN} {ADDRESS}", "output": "ok"},
    "gemini": {
        "contents": [
            {"role": "user", "parts": [{"text": "see"}, {"text": f"{TOKEN} {ADDRESS}"}]},
            {"role": "model", "parts": [{"text": "ok"}]},
        ]
    },
    "completion": {"prompt": "Which?", "completion": f"{TOKEN} {ADDRESS}"},
    "twice": {
        "messages": [{"role": "user", "content": f"{TOKEN} {ADDRESS}"}, ANSWER],
        "note": f"{TOKEN} {ADDRESS}",
    },
    "beside a fault": {"messages": [{"role": "usr", "content": f"{TOKEN} {ADDRESS}"}, {**ANSWER, "content": " "}]},
}


def report_on(path: Path, record: dict[str, Any], select: tuple[str, ...] = EVERY) -> Report:
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    sources = [Source("data.jsonl", path, "train", "")]
    result = lint(sources, Config(select=select, isolated=True))
    assert not result.crashes
    return Report(result, sources, "generic", width=400, max_per_rule=0)


@pytest.mark.parametrize("name", RECORDS)
def test_no_format_shows_what_a_sensitive_rule_found(tmp_path: Path, name: str) -> None:
    report = report_on(tmp_path / "data.jsonl", RECORDS[name])
    assert {"SEC101", "SEC201"} <= {finding.code for finding in report.findings}
    pieces = [secret[at : at + 8] for secret in SECRETS for at in range(len(secret) - 7)]
    for form in FORMATS:
        out = io.StringIO()
        renderer(form)(report, out)
        assert not [piece for piece in pieces if piece in out.getvalue()], form


def test_an_excerpt_masks_just_the_secret(tmp_path: Path) -> None:
    report = report_on(tmp_path / "data.jsonl", RECORDS["messages"], ("SEC101",))
    out = io.StringIO()
    renderer("full")(report, out)
    assert f'\\"{"•" * len(TOKEN)}\\" of {ADDRESS}' in out.getvalue()


def test_a_finding_left_out_is_masked_all_the_same(tmp_path: Path) -> None:
    record = {"messages": [{"role": "user", "content": f"{TOKEN} then {TOKEN[:-4]}Zz9q"}, ANSWER]}
    report = report_on(tmp_path / "data.jsonl", record, ("SEC101",))
    (first, second) = report.findings
    for finding in (first, second):
        (located,) = report.located([finding])
        assert located.finding == finding
        assert TOKEN[:12] not in located.text
        assert len(located.text) == len(json.dumps(record, ensure_ascii=False))


@pytest.mark.parametrize("name", RECORDS)
def test_the_place_is_that_of_the_secret(tmp_path: Path, name: str) -> None:
    report = report_on(tmp_path / "data.jsonl", RECORDS[name], ("SEC101", "SEC201"))
    found = {located.text[located.start : located.end] for located in locate(report.findings, report.sources)}
    assert found == set(SECRETS)


def called(**call: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Go"}, {"role": "assistant", "content": None, **call}]}


HEADER, CLAIMS = ("e" + "yJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJzdWIiOiJvcmRlci1zZXJ2aWNlIn0")
ARMOUR = "-----BEGIN %s-----\n" % ("PRIVATE" + " KEY")
BODY = "MIIEvQ7Qm2Vd9TzK4xWb6RnLc1Yp8HsJf3GtEa5UoNpXw0Zi\nqRr9sLk3Vb8Nm1Cx5Zl7Aq2We4Rt6Yu"


@pytest.mark.parametrize(
    ("code", "secret"),
    [
        ("SEC101", TOKEN),
        ("SEC102", f"{ARMOUR}{BODY}\n"),
        ("SEC103", f"{HEADER}.{CLAIMS}.c2lnbmF0dXJlLW9m"),
        ("SEC104", "db://ann:" + "Xq7k9Zt4Wm2" + "@db.acme.org"),
    ],
)
def test_secrets_are_found_in_the_arguments_of_calls(tmp_path: Path, code: str, secret: str) -> None:
    given = {"id": 7, "where": ["é", {"to": f"say {secret}"}]}
    calls = [{"function": {"arguments": said}} for said in ("{}", json.dumps(given), given, None, 4)]
    at = "/messages/1/tool_calls"
    for record, places in (
        (called(tool_calls=[4, *calls]), [f"{at}/2/function/arguments", f"{at}/3/function/arguments/where/1/to"]),
        (called(function_call={"arguments": json.dumps(given)}), ["/messages/1/function_call/arguments"]),
    ):
        record["messages"][0]["content"] = f"Look: {secret}"
        report = report_on(tmp_path / "data.jsonl", record, (code,))
        assert [found.where.pointer for found in report.findings] == ["/messages/0/content", *places]
        piece = secret[12:20]
        for form in FORMATS:
            out = io.StringIO()
            renderer(form)(report, out)
            assert piece not in out.getvalue()


def test_arguments_are_no_text_to_other_rules(tmp_path: Path) -> None:
    said = json.dumps({"q": "&amp; \u200b {{name}} <|im_end|>"}, ensure_ascii=False)
    record = called(tool_calls=[{"id": "a", "type": "function", "function": {"name": "f", "arguments": said}}])
    assert not {found.code[:3] for found in report_on(tmp_path / "data.jsonl", record).findings} & {"TXT"}


def keys() -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = []
    for name in ("provider_key", "private_key"):
        (rule,) = tomllib.loads((builtin() / "sec" / f"{name}.toml").read_text("utf-8"))["rule"]
        tables += rule["keys"]
    return tables


@pytest.mark.parametrize("table", keys(), ids=lambda table: f"{table['of']} {table['marks'][0]}")
@settings(max_examples=10)
@given(data=st.data())
def test_every_kind_of_key_passes_its_gate_and_is_found(table: dict[str, Any], data: st.DataObject) -> None:
    kind = key(table)
    text = data.draw(
        st.from_regex(
            re.compile(kind.pattern, re.ASCII),
            fullmatch=True,
            alphabet=st.characters(max_codepoint=126, exclude_characters="\v"),
        )
    )
    assert any(spans(any_of(kind.marks), text))
    found = [(start, end) for _, start, end in keys_in(f"({text})", [kind])]
    real = entropy(text) >= kind.entropy and not is_placeholder(text)
    assert found == ([(1, len(text) + 1)] if real else [])


def test_keys_of_a_user_are_rules_too(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    table = "keys = [{ of = 'Acme', marks = ['acme_'], after = '[0-9a-f]{12}' }]"
    path.write_text(
        f"[[rule]]\ncode = 'ACM101'\nname = 'acme-key'\nkind = 'secret'\nmessage = 'key of {{}}'\n{table}\n"
    )
    (rule,) = load_toml(path)
    record = Record({"text": "acme_04f9b6c2d8e1 and acme_000000000000"})
    assert rule.sensitive
    assert [found.message for message in record.beside for found in rule.check(message) or ()] == ["key of Acme"]


@pytest.mark.parametrize("rule", SENSITIVE, ids=lambda rule: rule.name)
@settings(max_examples=40)
@given(text=st.text(alphabet=st.sampled_from("0123456789 -.:/@+()AZaeyJ_=xGB\"'\n\u0661"), max_size=120))
def test_sensitive_rules_take_any_text(rule: Any, text: str) -> None:
    (message,) = Record({"text": text}).beside if text else (None,)
    for finding in (rule.check(message) or ()) if message else ():
        assert not any(
            piece in finding.message for piece in text.split() if len(piece) > 3 and any(map(str.isdigit, piece))
        )


def test_what_cannot_be_placed_stands_for_the_whole_record() -> None:
    (message,) = Record({"text": "abc"}).beside
    message.data = {"role": "", "content": "not in the record"}
    assert finding_at(message, 0, 3, "found").where.pointer == ""
