"""Rules of one's own: six lines of Python, eight of TOML, a package; and one clear line when they are wrong."""

import json

import pytest

from dslint.kinds import FAULTS, KINDS
from dslint.loader import load, load_file, rule_files
from dslint.ruledef import RuleError

pytestmark = pytest.mark.usefixtures("here")

RECORD = (
    b'{"messages": [{"role": "user", "content": "Is my parcel lost?"}, '
    b'{"role": "assistant", "content": "I am sorry, as an AI model I cannot say."}], "id": 7}\n'
)
PYTHON = """from dslint import rule

@rule("ACM001", help="say how")
def says_sorry(message, *, word: str = "sorry"):
    if message.role == "assistant" and word in message.text:
        yield message.finding("answer says sorry")
"""
TOML = """[[rule]]
code = "ACM002"
name = "my-rule"
message = "found {}"
"""


@pytest.fixture
def lint(main, here):
    """Lint one record with the rules in a folder; (name, message, JSON path) of each finding."""
    (here / "data.jsonl").write_bytes(RECORD)
    (here / "lint").mkdir()
    (here / "dslint.toml").write_text('rules = ["lint"]\n')

    def call(name: str, text: str, select: str = "ACM"):
        (here / "lint" / name).write_text(text)
        ran = main("lint", "--select", select, "--output-format", "json", "data.jsonl")
        assert ran.code == 0, ran.err
        return [(found["name"], found["message"], found["json_path"]) for found in json.loads(ran.out)["findings"]]

    return call


def test_a_python_rule(lint, here):
    assert lint("says_sorry.py", PYTHON) == [("says-sorry", "answer says sorry", "messages[1].content")]
    (here / "dslint.toml").write_text('rules = ["lint/says_sorry.py"]\n[options.says-sorry]\nword = "glad"\n')
    assert lint("other.txt", "") == []


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (
            'kind = "pattern"\npattern = "(?i)as an ai[a-z ]*"\nroles = ["assistant"]',
            ["found as an AI model I cannot say"],
        ),
        ('kind = "pattern"\npattern = "(?i)as an ai"\nroles = ["user"]', []),
        ('kind = "phrases"\nphrases = ["as an ai", "<|im_start|>"]', ["found as an AI"]),
        ('kind = "length"\nmax = 20\nroles = ["assistant"]', ["found 40"]),
        ('kind = "length"\nmin = 19', ["found 18"]),
        ('kind = "required"\nkeys = ["id", "customer"]', ["found customer"]),
        ('kind = "allowed"\nvalues = ["yes", "no"]', ["found I am sorry, as an AI model I cannot say."]),
        ('kind = "schema"\nschema = "record.schema.json"', ['found 7 is not of type "string"']),
        ('kind = "fault"\nfault = "control-character"', []),
        ('kind = "secret"\nkeys = [{ of = "Acme", marks = ["AI mod"], after = "[a-z]+" }]', ["found Acme"]),
    ],
)
def test_every_kind_of_toml_rule(lint, here, kind, found):
    (here / "lint" / "record.schema.json").write_text('{"properties": {"id": {"type": "string"}}}')
    assert [message for _, message, _ in lint("my_rule.toml", TOML + kind)] == found


def test_the_kinds_are_all_tried():
    tried = test_every_kind_of_toml_rule.pytestmark[0].args[1]
    assert {kind.split('"')[1] for kind, _ in tried} == set(KINDS)


def test_phrases_are_found_as_they_stand(lint, here):
    text = TOML + 'kind = "phrases"\nphrases = ["an ai", "is my parcel lost?"]'
    assert len(lint("my_rule.toml", text)) == 2
    (here / "data.jsonl").write_bytes(RECORD.replace(b"I am sorry", b"<|im_end|>"))
    assert len(lint("my_rule.toml", text.replace("an ai", "<|im_end|>"))) == 2


WRONG_TOML = {
    "kind = 'regex'": "kind must be one of",
    "kind = []": "kind must be one of",
    "kind = 'pattern'": "pattern is missing",
    "kind = 'pattern'\npattern = 'a'\nflags = 'i'": "unknown key 'flags'",
    "kind = 'pattern'\npattern = '(?=a)'": "look-around is not supported",
    "kind = 'pattern'\npattern = ''": "pattern is empty",
    "kind = 'pattern'\npattern = 3": "pattern must be string",
    "kind = 'pattern'\npattern = 'a'\nroles = 'user'": "roles must be list of string",
    "kind = 'pattern'\npattern = 'a'\nseverity = 'fatal'": "severity must be one of",
    "kind = 'phrases'\nphrases = []": "phrases is empty",
    "kind = 'length'": "min or max is missing",
    "kind = 'required'\nkeys = []": "keys is empty",
    "kind = 'fault'\nfault = 'too-blue'": "fault must be one of",
    "kind = 'fault'\nfault = 'comment'\nrepair = 'paint'": "repair must be one of",
    "kind = 'schema'\nschema = 'missing.json'": "schema missing.json: No such file or directory",
    "kind = 'schema'\nschema = 'my_rule.toml'": "schema my_rule.toml: ",
}


def complaint(text: str, name: str = "my_rule.toml") -> str:
    from pathlib import Path

    Path(name).write_text(text)
    with pytest.raises(RuleError) as raised:
        load_file(Path(name))
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("wrong", WRONG_TOML)
def test_a_wrong_toml_rule_is_one_line(wrong):
    said = complaint(TOML + wrong)
    assert said.startswith("my_rule.toml: ACM002: ")
    assert WRONG_TOML[wrong] in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "my_rule.toml: "),
        ("rule = 1", "my_rule.toml: a rule file holds [[rule]] tables"),
        ("rule = [1]", "my_rule.toml: rule must be an array of tables"),
        ("[[rule]]\nkind = 'length'\n[other]", "a rule file holds [[rule]] tables"),
        (TOML.replace("ACM002", "acm2") + "kind = 'length'\nmin = 1", "three capital letters and three digits"),
        (TOML.replace("my-rule", "My rule") + "kind = 'length'\nmin = 1", "lower case words"),
        (TOML.replace("{}", "{") + "kind = 'length'\nmin = 1", "message: "),
        (TOML.replace("{}", "{0} {1}") + "kind = 'length'\nmin = 1", "message: "),
        (TOML.replace("{}", "{what}") + "kind = 'length'\nmin = 1", "message: "),
        (TOML.replace("{}", "{0.x}") + "kind = 'length'\nmin = 1", "message: "),
    ],
)
def test_a_wrong_toml_file_is_one_line(text, said):
    assert said in complaint(text)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\ndef f(:\n", 2, "SyntaxError: "),
        ("import nothing_such\n", 1, "ModuleNotFoundError: "),
        ("\n\nraise SystemExit(0)\n", 3, "SystemExit: 0"),
        (
            PYTHON.replace("message, *", "turn, *"),
            3,
            "ACM001 (says-sorry): the first parameter must be one of line",
        ),
        (PYTHON.replace("ACM001", "A1"), 3, "three capital letters and three digits"),
        (PYTHON.replace('word: str = "sorry"', "word"), 3, "option word needs a type and a default"),
        (PYTHON.replace('help="say how"', 'severity="fatal"'), 3, "severity must be one of"),
        (PYTHON.replace('help="say how"', "group_by=len"), 3, "group_by= goes with"),
        (PYTHON.replace('help="say how"', "unless=len"), 3, "unless= takes record after a gate on shape"),
        (PYTHON.replace('help="say how"', 'colour="red"'), 3, "TypeError: "),
    ],
)
def test_a_wrong_python_rule_is_one_line_with_its_place(text, line, said):
    message = complaint(text, "says_sorry.py")
    assert message.startswith(f"says_sorry.py:{line}: ")
    assert said in message


def test_on_the_command_line_a_wrong_rule_is_2(main, here):
    (here / "lint").mkdir()
    (here / "lint" / "bad.py").write_text("raise SystemExit(0)\n")
    (here / "dslint.toml").write_text('rules = ["lint"]\n')
    (here / "data.jsonl").write_bytes(RECORD)
    for command in (["lint"], ["rules"], ["rule", "blank-line"], ["test", "lint"]):
        ran = main(*command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith("bad.py:1: SystemExit: 0\n")
        assert ran.err.count("\n") == 1


def test_codes_and_names_are_taken_once(here):
    (here / "blank.py").write_text(PYTHON.replace("ACM001", "JSN004"))
    with pytest.raises(RuleError, match=r"blank.py: JSN004 \(says-sorry\) is taken by blank-line in "):
        load([here / "blank.py"], isolated=True)
    (here / "named.py").write_text(PYTHON.replace("says_sorry", "blank_line"))
    with pytest.raises(RuleError, match=r"ACM001 \(blank-line\) is taken by blank-line"):
        load([here / "named.py"], isolated=True)


def test_rule_files_are_found_wherever_the_folder_lies(here):
    root = here / "targets" / "lint"
    for name in (
        "b.toml",
        "a.py",
        "_helper.py",
        "targets/x.toml",
        "prices/x.toml",
        "__pycache__/c.py",
        "page.md",
        "sub/d.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    assert [path.relative_to(root).as_posix() for path in rule_files(root)] == ["a.py", "b.toml", "sub/d.py"]


def test_a_package_brings_rules_by_its_entry_point(here, monkeypatch):
    (here / "acme_rules").mkdir()
    (here / "acme_rules" / "__init__.py").write_text("raise ImportError('a rule package is not imported')\n")
    (here / "acme_rules" / "says_sorry.py").write_text(PYTHON)
    info = here / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[dslint.rules]\nacme = acme_rules\n")
    monkeypatch.syspath_prepend(here)
    assert load()["ACM001"].name == "says-sorry"
    assert "ACM001" not in load(isolated=True)
    (info / "entry_points.txt").write_text("[dslint.rules]\nacme = nothing_such\n")
    with pytest.raises(RuleError, match="entry point acme: nothing_such is no package with rule files"):
        load()


def test_faults_are_those_the_readers_know():
    names = {rule.fault for rule in load(isolated=True).values() if rule.subject == "fault"}
    assert names == FAULTS
