"""The same findings whatever the order, the processes and the hash seed; which rules run where; fixes."""

import gzip
import json

import pytest

import dslint.driver

pytestmark = pytest.mark.usefixtures("here")

ALIAS = b'{"messages": [{"role": "human", "content": "Hi"},  {"role": "assistant", "content": "Y\\u006fu"}]}'
RULES = ("lint", "--select", "JSN,MSG,SET,REC,exact-duplicate,normalised-duplicate,conflicting-answers")
JSON = ("--output-format", "json")


def names(ran) -> list[str]:
    return [finding["name"] for finding in json.loads(ran.out)["findings"]]


@pytest.fixture
def files(here, sound):
    """Three files with faults of many kinds, among them some that cross files and lines."""
    (here / "a.jsonl").write_bytes(sound(300).replace(b"\n", b"\r\n") + ALIAS + b"\n" + sound(200, 100))
    (here / "b.jsonl").write_bytes(b"{]\n\n" + sound(400, 450) + b"{'a': 1}\n" + ALIAS)
    (here / "c.jsonl").write_bytes(b"")
    return ["a.jsonl", "b.jsonl", "c.jsonl"]


def test_processes_and_order_do_not_change_a_byte(main, files, monkeypatch):
    expected = main(*RULES, *JSON, *files)
    assert len(set(names(expected))) > 6
    monkeypatch.setattr(dslint.driver, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(dslint.driver, "SHARD_BYTES", 9000)
    parallel = main(*RULES, *JSON, "-j", "2", *files)
    assert parallel == expected


def test_the_order_of_paths_does_not_change_the_findings(main, files):
    def findings(paths):
        return json.loads(main(*RULES, *JSON, *paths).out)["findings"]

    assert findings(files) == findings(files[::-1])


def test_the_hash_seed_does_not_change_a_byte(dslint, files):
    runs = [dslint(*RULES, *JSON, *files, env={"PYTHONHASHSEED": seed}) for seed in ("0", "1", "4711")]
    assert runs[0].returncode == 1
    assert len({run.stdout for run in runs}) == 1


def test_a_worker_that_dies_is_one_line_and_2(main, here, files, monkeypatch):
    (here / "rules").mkdir()
    code = 'import os\nfrom dslint import rule\n@rule("XXX001")\ndef deadly(record):\n    os._exit(3)\n'
    (here / "rules" / "deadly.py").write_text(code)
    (here / "dslint.toml").write_text('rules = ["rules"]\n')
    monkeypatch.setattr(dslint.driver, "PARALLEL_BYTES", 0)
    ran = main("lint", "--select", "deadly", "-j", "2", "a.jsonl")
    assert ran.code == 2
    assert ran.err.startswith("dslint: error: a.jsonl: a worker process died\n  help: run again with -j 1")


def test_selectors(main, files):
    def run(*arguments):
        return set(names(main("lint", *JSON, *arguments, *files)))

    assert run("--select", "blank-line") == run("--select", "JSN004") == {"blank-line"}
    assert run("--select", "JSN", "--ignore", "blank-line,JSN006") == run("--select", "JSN") - {
        "blank-line",
        "single-quotes",
    }
    assert run("--select", "role-alias", "--extend-select", "blank-line") == {"role-alias", "blank-line"}
    assert run("--select", "blank-line", "--ignore", "JSN") == {"blank-line"}
    assert run("--select", "blank-line", "--ignore", "blank-line") == set()


def test_scope(main, files):
    def rules(scope):
        ran = main("lint", "--select", "JSN,exact-duplicate", "--scope", scope, *JSON, *files)
        return set(names(ran)), ran.err

    found, said = rules("file")
    assert "exact-duplicate" not in found
    assert "blank-line" in found
    assert said.startswith("dslint: 1 dataset rule")
    assert rules("dataset") == ({"exact-duplicate"}, "")


def test_per_file_ignores_and_exclude_hold_from_any_folder(main, here, files, monkeypatch):
    (here / "dslint.toml").write_text(
        'select = ["JSN"]\nexclude = ["c.*"]\n'
        'per-file-ignores = { "b.jsonl" = ["JSN"], "a*" = ["crlf-line-ends"] }\n'
    )
    (here / "deep").mkdir()
    for folder, paths in ((".", files), ("deep", [here / name for name in files]), ("deep", ["../b.jsonl"])):
        monkeypatch.chdir(here / folder)
        ran = main("lint", *JSON, *paths)
        assert (ran.code, names(ran)) == (0, [])


def test_safe_fixes_touch_only_what_they_name(main, here, sound):
    odd = sound(1).replace(b": ", b":   ").replace(b"What", b"\\u0057hat")
    before = [b"\xef\xbb\xbf" + sound(1), odd, b"\n", odd.replace(b"\n", b"\r\n"), b"{]\r\n", ALIAS]
    path = here / "a.jsonl"
    path.write_bytes(b"".join(before))
    path.chmod(0o640)
    ran = main("lint", "--select", "JSN,MSG", "--fix", "--fail-on", "never", "a.jsonl")
    assert path.read_bytes() == b"".join([sound(1), odd, odd, b"{]\n", ALIAS + b"\n"])
    assert "Fixed 5 lines." in ran.err
    assert path.stat().st_mode & 0o777 == 0o640
    assert [left.name for left in here.iterdir()] == ["a.jsonl"]
    again = path.stat()
    assert "Fixed" not in main("lint", "--select", "JSN,MSG", "--fix", "a.jsonl").err
    assert path.stat().st_mtime_ns == again.st_mtime_ns


def test_unsafe_fixes_are_asked_for_and_spliced(main, here):
    path = here / "a.jsonl"
    path.write_bytes(ALIAS + b"\n")
    fix = ("lint", "--select", "MSG", "--fix", "a.jsonl")
    assert main(*fix).code == 1
    assert path.read_bytes() == ALIAS + b"\n"
    assert main(*fix, "--unsafe-fixes").code == 0
    assert path.read_bytes() == ALIAS.replace(b'"human"', b'"user"') + b"\n"


def test_diff_writes_nothing_and_shows_it(main, here, sound):
    path = here / "a.jsonl"
    path.write_bytes(sound(1) + b"\n" + sound(1)[:-1] + b"\r\n")
    before = path.read_bytes()
    ran = main("lint", "--select", "JSN", "--diff", "a.jsonl")
    assert ran.code == 1
    assert path.read_bytes() == before
    assert [line for line in ran.out.splitlines() if line.startswith(("@@", "---", "+++"))] == [
        "--- a.jsonl",
        "+++ a.jsonl",
        "@@ -2 +2,0 @@",
        "@@ -3 +2 @@",
    ]
    assert ran.err == "Would change 2 lines.\n"
    path.write_bytes(sound(1))
    assert main("lint", "--select", "JSN", "--diff", "a.jsonl") == (0, "", "Would change 0 lines.\n")


def test_diff_masks_secrets_before_and_after_the_fix(main, here):
    password = "Xq7_" + "k9Zt4Wm2"
    split = password.replace("_", "_\u200b")
    turns = [
        {"role": "user", "content": f"\u00e9 postgres://ann:{password}@db.acme.org/x is\u200b it"},
        {"role": "assistant", "content": f"No, postgres://ann:{split}@db.acme.org/x is."},
    ]
    (here / "a.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    ran = main("lint", "--select", "SEC104,invisible-character", "--unsafe-fixes", "--diff", "a.jsonl")
    before, after = (line for line in ran.out.splitlines() if line[:2] in ("-{", "+{"))
    assert f"ann:{'•' * len(password)}@db" in before
    assert f"é postgres://ann:{'•' * len(password)}@db" in after
    assert password not in ran.out
    assert ran.code == 1


def test_exit_code_after_fixing(main, here, sound):
    path = here / "a.jsonl"
    for extra, code in (((), 0), (("--exit-non-zero-on-fix",), 1)):
        path.write_bytes(b"\n" + sound(2))
        assert main("lint", "--select", "JSN", "--fix", *extra, "a.jsonl").code == code
    assert main("lint", "--select", "JSN", "--fix", "--exit-non-zero-on-fix", "a.jsonl").code == 0


def test_standard_input_is_fixed_to_standard_output(dslint, sound):
    broken = b'{"a": "\xff\xfe"}\n'
    ran = dslint("lint", "--select", "JSN", "--fix", "-", input=b"\n" + sound(2) + broken + sound(1)[:-1])
    assert ran.stdout == sound(2) + broken + sound(1)
    assert b"invalid-utf8" in ran.stderr
    assert ran.returncode == 1
    untouched = dslint("lint", "--select", "JSN", "--fix", "-", input=sound(1))
    assert untouched.stdout == sound(1)
    assert untouched.returncode == 0


def test_a_link_is_fixed_where_it_points(main, here, sound):
    (here / "real").mkdir()
    (here / "real" / "data").write_bytes(b"\n" + sound(1))
    (here / "a.jsonl").symlink_to("real/data")
    assert main("lint", "--select", "JSN", "--fix", "a.jsonl").code == 0
    assert (here / "a.jsonl").is_symlink()
    assert (here / "real" / "data").read_bytes() == sound(1)


def test_archives_are_not_fixed(main, here, sound):
    packed = gzip.compress(b"\n" + sound(2))
    (here / "a.jsonl.gz").write_bytes(packed)
    assert main("lint", "--select", "JSN", "--fix", "a.jsonl.gz").code == 0
    assert (here / "a.jsonl.gz").read_bytes() == packed


def test_of_a_fixed_array_standard_output_has_the_report_alone(dslint, here, sound):
    silent = sound(1, 10).replace(b'"assistant", "content": "', b'"assistant", "content": "", "name": "')
    array = b"[" + b",\n".join((sound(10) + silent).splitlines()) + b"]"
    (here / "a.jsonl").write_bytes(array)
    fix = ("lint", "--select", "JSN,MSG107", "--fix", "--isolated")
    ran = dslint(*fix, "--output-format", "json", "a.jsonl")
    assert [found["line"] for found in json.loads(ran.stdout)["findings"]] == [11]
    fixed = (here / "a.jsonl").read_bytes()
    assert fixed.count(b"\n") == 11
    assert dslint(*fix, "-", input=array).stdout == fixed
