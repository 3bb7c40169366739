"""Configuration: where it is found, what is said of mistakes in it, and which rules it chooses."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint.config import KEYS, Config, ConfigError, discover, from_table, read
from dslint.loader import load
from dslint.selection import select

pytestmark = pytest.mark.usefixtures("here")


def settings(folder: Path, name: str, fail_on: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = f'fail-on = "{fail_on}"\n'
    (folder / name).write_text(f"[tool.dslint]\n{body}" if name == "pyproject.toml" else body)


def test_the_nearest_configuration_counts_and_names_have_an_order(here):
    (here / ".git").mkdir()
    inner = here / "a" / "b"
    inner.mkdir(parents=True)
    assert discover(inner) == Config(folder=inner)
    for place, name, value in (
        (here, "pyproject.toml", "never"),
        (here, "dslint.toml", "info"),
        (here, ".dslint.toml", "warning"),
        (here / "a", "pyproject.toml", "never"),
        (here / "a", "dslint.toml", "info"),
        (here / "a", ".dslint.toml", "warning"),
    ):
        settings(place, name, value)
        found = discover(inner)
        assert (found.fail_on, found.path, found.folder) == (value, place / name, place)


def test_a_pyproject_that_says_nothing_of_dslint_is_passed_over(here):
    settings(here, "dslint.toml", "info")
    for number, text in enumerate(("", "tool = 3", "[tool]", "[tool.ruff]\nselect = 3")):
        folder = here / str(number)
        folder.mkdir()
        (folder / "pyproject.toml").write_text(text)
        assert discover(folder).fail_on == "info"


def test_the_search_ends_at_the_root_of_the_repository(here):
    settings(here, "dslint.toml", "info")
    (here / "repo" / "data").mkdir(parents=True)
    assert discover(here / "repo" / "data").fail_on == "info"
    (here / "repo" / ".git").write_text("gitdir: elsewhere")
    assert discover(here / "repo" / "data").fail_on == "error"


@pytest.mark.parametrize("key", KEYS)
def test_a_wrong_type_names_file_line_and_key(here, key):
    path = here / "dslint.toml"
    path.write_text(f"# settings\n\n{key} = 3.5\n")
    with pytest.raises(ConfigError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}:3: {key} must be ")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nselekt = []", 2, "unknown key `selekt` (did you mean `select`?)"),
        ('select = ["JSN", 1]', 1, "select must be list of string"),
        ("max-per-rule = true", 1, "max-per-rule must be integer"),
        ('[severity]\nblank-line = "fatal"', 2, "severity.blank-line must be one of error, warning, info"),
        ("[severity]\n\nblank-line = 1", 3, "severity.blank-line must be string"),
        ('[per-file-ignores]\n"a/*.jsonl" = "JSN"', 2, "per-file-ignores.a/*.jsonl must be list of string"),
        ('per-file-ignores = { "a.jsonl" = 1 }', 1, "per-file-ignores.a.jsonl must be list of string"),
        ("\n[options]\nblank-line = 1", 3, "options.blank-line must be a table"),
        ('x = 1\n[[dataset]]\nname = "a"', 1, "unknown key `x`"),
        ('[[dataset]]\nname = "a"\ntrain = "b"', 3, "dataset.train must be list of string"),
        ("[[dataset]]\ntrian = []", 2, "unknown key `dataset.trian` (did you mean `train`?)"),
        ("\ndataset = [1]", 2, "dataset must be an array of tables, [[dataset]]"),
        ('select = []\nfail-on = "sometimes"', 2, "fail-on must be one of error, warning, info or never"),
        ('fail-on = "error"\nfail = 1', 2, "unknown key `fail`"),
    ],
)
def test_mistakes_are_one_line_with_their_place(here, text, line, said):
    path = here / "dslint.toml"
    path.write_text(text + "\n")
    with pytest.raises(ConfigError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}:{line}: {said}")


def test_in_a_pyproject_the_line_is_that_of_our_table(here):
    path = here / "pyproject.toml"
    path.write_text('[tool.ruff.lint]\nselect = ["E"]\n\n[tool.dslint]\nselect = "JSN"\n')
    with pytest.raises(ConfigError, match=rf"^{path}:5: select must be"):
        read(path)
    path.write_text("[tool]\ndslint = 1\n")
    with pytest.raises(ConfigError, match=rf"^{path}:2: tool.dslint must be a table"):
        read(path)


@pytest.mark.parametrize(
    "text", [b"a = ", b"a = 1\na = 2", b"\xff", b"a = " + b"[" * 5000, b"[options]\n[options]"]
)
def test_what_is_no_toml_is_said_with_the_file(here, text):
    (here / "dslint.toml").write_bytes(text)
    with pytest.raises(ConfigError, match=r"dslint\.toml: "):
        read(here / "dslint.toml")


toml = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "x", "train"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*KEYS, "x", ""]), toml))
def test_any_table_is_a_configuration_or_one_clear_line(table):
    try:
        from_table(table, Path("dslint.toml"))
        said = "dslint.toml:"
    except ConfigError as error:
        said = str(error)
    assert said.startswith("dslint.toml:")
    assert "\n" not in said


def test_isolated_ignores_configuration_and_its_rules(main, here):
    (here / "dslint.toml").write_text('select = ["nothing-such"]\nrules = ["missing"]\n')
    (here / "a.jsonl").write_bytes(b"\n")
    assert main("lint", "a.jsonl").code == 2
    ran = main("lint", "--isolated", "--select", "JSN", "--output-format", "json", "a.jsonl")
    assert [found["name"] for found in json.loads(ran.out)["findings"]] == ["blank-line"]


def chosen(**settings) -> set[str]:
    return {rule.name for rule in select(Config(isolated=True, **settings))}


def test_the_more_particular_selector_wins_and_ignore_wins_ties():
    family = {rule.name for rule in load(isolated=True).values() if rule.family == "JSN"}
    assert chosen(select=("JSN",)) == family
    assert chosen(select=("JSN",), ignore=("JSN004",)) == family - {"blank-line"}
    assert chosen(select=("blank-line",), ignore=("JSN",)) == {"blank-line"}
    assert chosen(select=("JSN",), ignore=("all",)) == family
    assert chosen(select=("JSN",), ignore=("JSN",)) == set()
    assert chosen(select=("blank-line",), ignore=("JSN004",)) == set()
    assert chosen(select=("default",), ignore=("default",)) == set()
    assert chosen(select=(), extend_select=("JSN004",)) == {"blank-line"}


def test_the_sets_are_default_preview_and_all():
    rules = load(isolated=True).values()
    assert chosen(select=("all",)) == {rule.name for rule in rules}
    assert chosen(select=("preview",)) == {rule.name for rule in rules if rule.preview}
    assert chosen(select=("default",)) == chosen() == {rule.name for rule in rules if not rule.preview}


def one(name: str, **settings):
    return next(rule for rule in select(Config(isolated=True, **settings)) if rule.name == name)


def test_severity_and_options_by_name_or_code_over_those_of_the_target():
    assert one("too-few-examples").severity == "warning"
    assert one("too-few-examples", target="openai").severity == "error"
    assert one("too-few-examples", target="openai", severity={"SET101": "info"}).severity == "info"
    options = {"too-few-examples": {"min-examples": 3}}
    assert one("too-few-examples", target="openai", options=options).settings == {"min_examples": 3}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"min-example": 3}, "has no option 'min-example' (it has min-examples)"),
        ({"min-examples": "3"}, "min-examples must be integer, not '3'"),
        ({"min-examples": True}, "min-examples must be integer, not True"),
    ],
)
def test_wrong_options_are_said_with_the_file(main, here, table, said):
    key, value = next(iter(table.items()))
    (here / "dslint.toml").write_text(f"[options.too-few-examples]\n{key} = {json.dumps(value)}\n")
    ran = main("lint", ".")
    assert ran.code == 2
    assert "dslint.toml: too-few-examples (SET101)" in ran.err
    assert said in ran.err


@pytest.mark.parametrize("pattern", ["", "a**", "/etc/*.jsonl"])
def test_a_pattern_that_is_none_is_one_line(main, here, pattern):
    (here / "dslint.toml").write_text(f'[[dataset]]\nname = "tickets"\ntrain = ["{pattern}"]\n')
    ran = main("lint")
    assert ran.code == 2
    assert ran.err.startswith("dslint: error: dataset tickets: ")
    assert ran.err.count("\n") == 1


def test_declared_datasets_give_files_and_roles(main, here, sound):
    (here / "data").mkdir()
    for name in ("one", "two", "other"):
        (here / "data" / f"{name}.jsonl").write_bytes(sound(11))
    (here / "dslint.toml").write_text('[[dataset]]\ntrain = ["data/o*e.jsonl"]\ntest = ["data/two.jsonl"]\n')
    ran = main("lint", "--select", "JSN", "--output-format", "json")
    roles = {file["path"]: file["role"] for file in json.loads(ran.out)["summary"]["files"]}
    assert roles == {"data/one.jsonl": "train", "data/two.jsonl": "test"}
