"""A rule may do what it likes: the run ends, says which rule it was, and the other rules have had their say."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest

import dslint.contained
import dslint.driver
import dslint.loader
from dslint import Finding, Where
from dslint.findings import Related

MEMORY = 3 << 30  # bytes of address space of every process here

EMPTY = {"messages": [{"role": "user", "content": "Is it lost?"}, {"role": "assistant", "content": ""}]}

# What a rule does when it is asked about a record -> what is said of it; "" where nobody needs to know.
ENDS = {
    "raise ValueError('x')": "ValueError: x",
    "import sys; sys.exit(0)": "SystemExit: 0",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "f = lambda: f(); f()": "RecursionError",
    "x = 'a' * (1 << 50)": "MemoryError",
    "raise GeneratorExit": "GeneratorExit",
    "raise StopIteration": "StopIteration",
    "while True: pass": "took more than 2 seconds",
    "import os; os._exit(0)": "ended the process with code 0",
    "import ctypes, faulthandler; faulthandler.disable(); ctypes.string_at(0)": "ended the process by signal 11",
    "import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()": "MemoryError|took more|signal",
    "x = []\nwhile True: x.append(bytearray(1 << 24))": "MemoryError|took more",
    "import os; os.chdir('/')": "",
    "import sys; sys.stdout.close()": "",
    "print('::error::pwn')": "",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)": "",
    "import random; random.seed(0)": "",
    "import json; json.loads = json.dumps = lambda *a, **k: {}": "",
    "import jiter; jiter.from_json = lambda *a, **k: {}": "",
    "raise ValueError('\\ud800')": "ValueError: \\ud800",
    "class E(Exception):\n  def __str__(s): raise RuntimeError\nraise E()": "E: <an error without a text>",
    "return None": "",
    "import threading, time; threading.Thread(target=lambda: time.sleep(99)).start()": "",
    "import os; os.fork()": "",
    "import os\nif os.fork() == 0:\n  import time; time.sleep(99)": "",
    "class E(BaseException): pass\nraise E('odd')": "E: odd",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "ended the process by signal 9",
    "raise ValueError('x' * 10**7)": "ValueError: xxx",
}
# What a rule answers -> what is said of it.
LIES = {
    "return 7": "int' object is not iterable",
    "return 'text'": "gave str instead of findings",
    "return ['text']": "gave str instead of a finding",
    "return [None]": "gave NoneType instead of a finding",
    "return [Finding(None, 'x')]": "gave a place that is none",
    "return [Finding(Where('data.jsonl', '1'), 'x')]": "gave a place that is none",
    "return [Finding(Where('data.jsonl', 2), 'x')]": "points to data.jsonl:2, which it was not shown",
    "return [Finding(Where('/etc/passwd', 1), 'x')]": "points to /etc/passwd:1, which it was not shown",
    "return [record.finding(None)]": "gave a message that is NoneType",
    "return [record.finding(b'x')]": "gave a message that is bytes",
    "return [record.finding('x', severity='fatal')]": "severity must be one of",
    "return [record.finding('x')._replace(related=7)]": "related must be a tuple",
    "return [record.finding('x')._replace(related=(7,))]": "instead of a related place",
    "return [record.finding('x')._replace(score='high')]": "gave a score that is str",
    "return [record.finding('x', span=(3, -1))]": "gave a place that is none",
    "import itertools; return (record.finding('x') for _ in itertools.count())": "more than 10,000 findings",
    "record.data['messages'].clear()": "changed the data that it was shown",
    "record.messages[0].data['content'] = object()": "changed the data|unmarshallable",
}


@pytest.fixture(autouse=True)
def few(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One built-in rule instead of all: every test here loads them twice."""
    folder, rules = tmp_path_factory.mktemp("rules"), dslint.loader.builtin()
    (folder / "targets").symlink_to(rules / "targets")
    (folder / "empty_assistant.py").write_bytes((rules / "msg" / "empty_assistant.py").read_bytes())
    monkeypatch.setattr(dslint.loader, "builtin", lambda: folder)


@pytest.fixture(autouse=True)
def limited() -> Any:
    """No test here can take the machine with it."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def asked(here: Path, main: Any, body: str, subject: str = "record", more: str = "") -> Any:
    """Lint one record with a rule of that body, and with a built-in one."""
    lines = body.replace("\n", "\n    ")
    imports = "from dslint import Finding, Related, Where, rule\n"
    rule = f"{imports}@rule('ABC001'{more})\ndef own({subject}):\n    'x'\n    {lines}\n    return []\n"
    (here / "own.py").write_text(rule)
    (here / "dslint.toml").write_text('rules = ["own.py"]\nselect = ["ABC001", "empty-assistant"]\n')
    (here / "data.jsonl").write_text(json.dumps(EMPTY) + "\n")
    return main("lint", "data.jsonl", "--output-format", "json")


def holds(here: Path, ran: Any, expected: str) -> None:
    """The built-in rule was heard, the input is as it was, and of the hostile one what was expected is said."""
    report = json.loads(ran.out)
    assert "MSG107" in [finding["code"] for finding in report["findings"]]
    assert (here / "data.jsonl").read_text() == json.dumps(EMPTY) + "\n"
    assert Path.cwd() == here
    assert "\n::error::" not in "\n" + ran.err
    said = [error["message"] for error in report["errors"]]
    if not expected:
        assert (ran.code, said) == (1, [])
        return
    assert ran.code == 2
    assert any(part in message for message in said for part in expected.split("|")), said
    assert all(message.startswith("internal error in own on data.jsonl:1: ") for message in said)
    assert all(len(message) < 300 for message in said)
    assert "own on data.jsonl:1" in ran.err


@pytest.mark.parametrize("body", ENDS)
def test_whatever_a_rule_does_the_others_are_heard(
    here: Path, main: Any, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    if "took more" in ENDS[body]:  # others may take as long as the machine lets them
        monkeypatch.setattr(dslint.contained, "PATIENCE", 2.0)
    holds(here, asked(here, main, body), ENDS[body])


@pytest.mark.parametrize("body", LIES)
def test_a_rule_that_lies_is_reported(here: Path, main: Any, body: str) -> None:
    holds(here, asked(here, main, body), LIES[body])


@pytest.mark.parametrize("body", ["raise KeyboardInterrupt", "raise GeneratorExit", "raise ValueError('x')"])
def test_worker_processes_are_behind_the_fence_too(
    here: Path, main: Any, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    asked(here, main, body)
    monkeypatch.setattr(dslint.driver, "PARALLEL_BYTES", 0)
    ran = main("lint", "data.jsonl", "--output-format", "json", "-j", "2")
    holds(here, ran, body.removeprefix("raise ").partition("(")[0])


def test_what_a_rule_prints_is_shown_as_that(here: Path, main: Any) -> None:
    ran = asked(here, main, "print('::error::pwn\\x1b[2J')")
    assert ran.err == "dslint: a rule printed: :\\u003aerror:\\u003apwn\\u001b[2J\n"
    many = asked(here, main, "print('x\\n' * 1000)")
    assert many.err.count("\n") == dslint.contained.PRINTED + 1
    assert many.err.endswith("dslint: rules printed more\n")


def test_a_long_message_is_cut(here: Path, main: Any) -> None:
    ran = asked(here, main, "return [record.finding('x' * 10**7)]")
    assert ran.code == 1
    assert len(ran.out) < 10_000


def test_a_rule_that_always_fails_is_left_out_after_a_while(here: Path, main: Any) -> None:
    asked(here, main, "raise ValueError")
    (here / "data.jsonl").write_text((json.dumps(EMPTY) + "\n") * 300)
    ran = main("lint", "data.jsonl", "--output-format", "json")
    report = json.loads(ran.out)
    assert len(report["errors"]) == 100
    assert report["errors"][-1]["message"].endswith("; not asked again")
    assert report["summary"]["counts"]["error"] + report["summary"]["counts"]["warning"] == 300


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(0)", "own.py: ended the process with code 0 while it was loaded"),
        ("while True: pass", "own.py: took more than 2 seconds while it was loaded"),
        ("raise GeneratorExit", "own.py:1: GeneratorExit: "),
        ("raise KeyboardInterrupt", "own.py:1: KeyboardInterrupt: "),
    ],
)
def test_a_rule_file_that_ends_everything_is_one_line(
    here: Path, main: Any, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    if "took more" in said:
        monkeypatch.setattr(dslint.contained, "PATIENCE", 2.0)
    (here / "own.py").write_text(code + "\n")
    (here / "dslint.toml").write_text('rules = ["own.py"]\n')
    (here / "data.jsonl").write_text(json.dumps(EMPTY) + "\n")
    ran = main("lint", "data.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


# Of the other functions of a rule: (its parameter, more of its decorator, what is said).
PARTS = {
    "gate that raises": ("record", ", gate=lambda shape: 1 / 0", ""),
    "gate that is odd": ("record", ", gate=lambda shape: [shape]", ""),
    "unless that exits": ("record", ", gate=lambda shape: True, unless=lambda record: exit()", ""),
    "group_by that raises": ("group", ", group_by=lambda record: 1 / 0", "ZeroDivisionError"),
    "group_by of odd keys": ("group", ", group_by=lambda record: [('k', None)]", "tuple instead of (bytes, bytes)"),
    "group_by of one value": ("group", ", group_by=lambda record: 7", "TypeError"),
    "group_by without end": (
        "group",
        ", group_by=lambda record: ((b'k', b'v') for _ in iter(int, 1))",
        "more than 10,000 keys",
    ),
    "count_by of odd keys": ("tally", ", count_by=lambda record: [[]]", "list instead of str"),
    "count_by of texts": ("tally", ", count_by=lambda texts: [7]", "int instead of str"),
    "count_by that ends it": ("tally", ", count_by=lambda shape: exit()", "SystemExit"),
}


@pytest.mark.parametrize("name", PARTS)
def test_the_other_functions_of_a_rule_are_fenced_too(here: Path, main: Any, name: str) -> None:
    subject, more, said = PARTS[name]
    ran = asked(here, main, "pass", subject, more)
    report = json.loads(ran.out)
    assert [finding["code"] for finding in report["findings"]] == ["MSG107"]
    assert bool(report["errors"]) == bool(said)
    assert said in str(report["errors"])


@pytest.mark.parametrize(
    ("subject", "answer", "said"),
    [
        ("shape", "Finding(Where('', 0, '/x'), 'x')", "no place in a shape"),
        ("dataset", "Finding(Where('data.jsonl', 9), 'x')", "points to data.jsonl:9"),
        ("file", "Finding(Where('other', 1), 'x')", "points to other:1"),
        ("line", "Finding(Where('data.jsonl', 3), 'x')", "points to data.jsonl:3"),
        ("message", "Finding(Where('data.jsonl', 3), 'x')", "points to data.jsonl:3"),
    ],
)
def test_no_kind_of_rule_points_to_what_it_was_not_shown(
    here: Path, main: Any, subject: str, answer: str, said: str
) -> None:
    ran = asked(here, main, f"return [{answer}]", subject)
    report = json.loads(ran.out)
    assert [finding["code"] for finding in report["findings"]] == ["MSG107"]
    assert said in report["errors"][0]["message"]


@pytest.mark.parametrize(
    "fix",
    ["1 / 0", "7", "[]", "{'a': object()}", "{'a': float('nan')}", "{'a': '\\ud800'}", "exit()"],
)
def test_a_fix_that_fails_leaves_the_file_as_it_is(here: Path, main: Any, fix: str) -> None:
    asked(here, main, "return [record.finding('x')]", more=f", fix=lambda data: {fix}")
    ran = main("lint", "data.jsonl", "--fix", "--unsafe-fixes")
    assert ran.code == 2
    assert "dslint: error: the fix of own failed, its file stays as it is: " in ran.err
    assert (here / "data.jsonl").read_text() == json.dumps(EMPTY) + "\n"
    assert sorted(path.name for path in here.iterdir() if path.is_file()) == ["data.jsonl", "dslint.toml", "own.py"]


def test_a_split_with_a_hostile_rule_writes_nothing(here: Path, main: Any) -> None:
    asked(here, main, "import os; os._exit(0)")
    ran = main("split", "data.jsonl", "-o", "out")
    assert ran.code == 2
    assert "internal error in own: ended the process with code 0" in ran.err
    assert not (here / "out").exists()


def test_a_file_that_a_rule_writes_to_is_noticed(here: Path, main: Any) -> None:
    ran = asked(here, main, "open('data.jsonl', 'w').write('gone')")
    assert ran.code == 2
    assert "data.jsonl: changed while it was read" in ran.err


def test_a_rule_that_keeps_to_the_terms_costs_nothing(here: Path, main: Any) -> None:
    ran = asked(here, main, "return [record.finding('x'), record.messages[0].finding('y')]")
    found = [(finding["code"], finding["json_path"]) for finding in json.loads(ran.out)["findings"]]
    assert found == [("ABC001", ""), ("ABC001", "messages[0].content"), ("MSG107", "messages[1].content")]
    assert ran.err == ""


def test_the_kinds_of_findings_are_the_public_ones() -> None:
    assert Finding._fields[:2] == ("where", "message")
    assert Related._fields == ("where", "note")
    assert Where._fields[:2] == ("source", "line")
