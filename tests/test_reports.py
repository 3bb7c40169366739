"""Several reports of one run: which go where, what is refused, and that a file is replaced whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest
from conftest import environment

import dslint.cli.linting
from dslint.cli.writing import written_whole
from dslint.report import FORMATS

pytestmark = pytest.mark.usefixtures("here")

LINT = ("lint", "--isolated", "--select", "JSN")
BAD = b'{"a": 1}\n{oops\n'


@pytest.fixture
def data(here):
    (here / "a.jsonl").write_bytes(BAD)
    return "a.jsonl"


def test_one_pass_writes_every_format(main, here, data, monkeypatch):
    runs = []
    lint = dslint.cli.linting.run_rules
    monkeypatch.setattr(
        dslint.cli.linting, "run_rules", lambda *given, **more: runs.append(1) or lint(*given, **more)
    )
    more = [option for name in FORMATS for option in ("--report", f"{name}={name}.out")]
    ran = main(*LINT, "--output-format", "concise", *more, data)
    assert (ran.code, ran.err, len(runs)) == (1, "", 1)
    assert "JSN" in ran.out
    for name in FORMATS:
        assert main(*LINT, "--output-format", name, data).out == (here / f"{name}.out").read_text("utf-8")
    assert sorted(os.listdir(here)) == sorted(["a.jsonl", *(f"{name}.out" for name in FORMATS)])


def test_standard_output_is_one_place(main, here, data):
    ran = main(*LINT, "-o", "main.txt", "--report", "json=-", data)
    assert json.loads(ran.out)["version"] == 1
    assert "Found 1 error" in (here / "main.txt").read_text()
    for arguments in (("--report", "json=-"), ("-o", "x", "--report", "json=-", "--report", "gitlab=-")):
        ran = main(*LINT, *arguments, data)
        assert (ran.code, ran.out) == (2, "")
        assert "two reports go to standard output" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "sariff=x"], "'sariff' is not one of full, "),
        (["--report", "sariff=x"], "(did you mean `sarif`?)"),
        (["--output-format", "mardown"], "(did you mean `markdown`?)"),
        (["--report", "sarif"], "'sarif' has no path, as in sarif=PATH"),
        (["--report", "sarif="], "'sarif=' has no path"),
        (["--report", "sarif=x", "--report", "json=./x"], "two reports go to x;"),
        (["-o", "x", "--report", "json=x"], "two reports go to x;"),
        (["--report", "json=no/such.json"], "no/such.json: No such file or directory"),
        (["--report", "json=."], ".: Is a directory"),
        (["--report", "json=a.jsonl"], "a.jsonl is also an input"),
        (["-o", "link"], "link is also an input"),
        (["--diff", "--report", "json=x"], "--diff shows none"),
    ],
)
def test_what_cannot_be_written_is_2_before_anything_is_read(main, here, data, monkeypatch, arguments, said):
    (here / "link").symlink_to(data)
    monkeypatch.setattr(dslint.cli.linting, "run_rules", None)
    ran = main(*LINT, *arguments, data)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert (here / data).read_bytes() == BAD
    assert sorted(os.listdir(here)) == ["a.jsonl", "link"]


def test_a_report_is_replaced_whole_or_not_at_all(here):
    old = here / "old.json"
    old.write_text("old")
    old.chmod(0o640)
    (here / "link.json").symlink_to("old.json")

    def fail_halfway():
        with written_whole(here / "link.json") as file:
            file.write("half")
            file.flush()
            assert len(os.listdir(here)) == 3
            raise LookupError

    with pytest.raises(LookupError):
        fail_halfway()
    assert old.read_text() == "old"
    assert len(os.listdir(here)) == 2
    before = old.stat().st_ino
    with written_whole(here / "link.json") as file:
        file.write("new\n")
    assert old.read_bytes() == b"new\n"
    assert old.stat().st_ino != before
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert (here / "link.json").is_symlink()
    assert sorted(os.listdir(here)) == ["link.json", "old.json"]


def test_environment_does_not_colour_files(main, here, data, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = main(*LINT, "--report", "full=full.txt", "--report", "concise=concise.txt", data)
    assert "\x1b" in ran.out
    assert b"\x1b" not in (here / "full.txt").read_bytes() + (here / "concise.txt").read_bytes()


def test_a_folder_that_takes_no_file_is_2_and_names_the_report(main, here, data, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", ".r.json.dslint")

    monkeypatch.setattr("dslint.replacing.locked", refuse)
    ran = main(*LINT, "--report", "json=r.json", data)
    assert (ran.code, ran.err) == (2, "dslint: error: r.json: Permission denied\n")


def test_a_device_takes_a_report_and_a_full_one_is_2(main, here, data):
    assert main(*LINT, "--report", "json=/dev/null", data).code == 1
    ran = main(*LINT, "--report", "json=/dev/full", data)
    assert (ran.code, ran.err) == (2, "dslint: error: output: No space left on device\n")
    assert os.path.exists("/dev/full")


def test_files_are_written_although_the_reader_has_gone(here, data):
    (here / "a.jsonl").write_bytes(b"{oops\n" * 3000)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "dslint", *LINT, "--output-format", "json", "--report", "gitlab=g.json", data]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment())
    os.close(writing)
    assert done.stderr == b""
    assert len(json.loads((here / "g.json").read_bytes())) == 3000


def test_what_was_found_after_a_fix_is_what_the_reports_say(main, here):
    (here / "a.jsonl").write_bytes(b'\n{"a": 1}\n')
    ran = main(*LINT, "--fix", "--report", "json=r.json", "a.jsonl")
    assert (ran.code, ran.err) == (0, "Fixed 1 line.\n")
    assert json.loads((here / "r.json").read_bytes())["findings"] == []


def test_a_format_is_imported_when_it_is_asked_for(here, data):
    code = (
        "import sys\nfrom dslint.cli import run\n"
        "run(['lint', '--isolated', '--report', 'gitlab=g.json', 'a.jsonl'])\n"
        "print(sorted(name[14:] for name in sys.modules if name.startswith('dslint.report.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    loaded = done.stderr.splitlines()[-1]
    assert "'gitlab'" in loaded
    for name in ("sarif", "junit", "markdown", "azure", "rdjson", "github", "grouped", "statistics"):
        assert f"'{name}'" not in loaded
