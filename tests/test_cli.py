"""Exit codes and messages: what a person, a hook and a pipeline can rely on."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import environment

import dslint as package

pytestmark = pytest.mark.usefixtures("here")

LINT = ("lint", "--select", "JSN,MSG,SET")
EMPTY_ANSWER = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]}\n'
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146aaaaaaaa\nsize 9\n"
CRASHING = '''
from dslint import rule

@rule("XXX001")
def touchy(record):
    """Fails on one record."""
    if record.line == 3:
        raise LookupError("what now")
'''


@pytest.fixture
def good(here, sound):
    (here / "good.jsonl").write_bytes(sound(12))
    return "good.jsonl"


@pytest.fixture
def bad(here, sound):
    (here / "bad.jsonl").write_bytes(sound(11) + EMPTY_ANSWER)
    return "bad.jsonl"


def test_clean_is_0_and_says_so(main, good):
    ran = main(*LINT, good)
    assert (ran.code, ran.err) == (0, "")
    assert "12 records" in ran.out


def test_findings_are_1(main, bad, good):
    ran = main(*LINT, good, bad)
    assert (ran.code, ran.err) == (1, "")
    assert "bad.jsonl:12:" in ran.out


def test_a_warning_counts_only_when_asked(main, here, sound):
    (here / "few.jsonl").write_bytes(sound(3))
    assert main(*LINT, "few.jsonl").code == 0
    assert main(*LINT, "few.jsonl", "--fail-on", "warning").code == 1
    assert main(*LINT, "few.jsonl", "--fail-on", "never").code == 0


def test_exit_zero_and_never_do_not_hide_failures(main, bad):
    assert main(*LINT, "--exit-zero", bad).code == 0
    assert main(*LINT, "--fail-on", "never", bad).code == 0
    assert main(*LINT, "--exit-zero", bad, "missing.jsonl").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.jsonl"], "missing.jsonl: No such file or directory"),
        (["good.jsonl/inside.jsonl"], "good.jsonl/inside.jsonl: Not a directory"),
        (["loop.jsonl"], "loop.jsonl: Too many levels of symbolic links"),
        (["/dev/null"], "/dev/null is neither a file nor a folder nor a pipe"),
        (["--no-such-flag"], "No such option: --no-such-flag"),
        (["--select", "empty-assistent"], "unknown rule 'empty-assistent' (did you mean `empty-assistant`?)"),
        (["--ignore", "MSG10"], "unknown rule 'MSG10'"),
        (["--target", "nobody"], "unknown target 'nobody'"),
        (["--output-format", "xml"], "'xml' is not one of"),
        (["--fail-on", "fatal"], "'fatal' is not one of"),
        (["--scope", "line"], "'line' is not one of"),
        (["--jobs", "many"], "'many' is not a valid int"),
        (["--output-file", "no/such/folder.txt", "good.jsonl"], "no/such/folder.txt: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_2_and_one_line(main, here, good, arguments, said):
    (here / "loop.jsonl").symlink_to("loop.jsonl")
    ran = main("lint", "--isolated", "--scope", "file", *arguments)
    assert ran.code == 2
    lines = [line for line in ran.err.splitlines() if "dataset rules not run" not in line]
    assert len(lines) == 1
    assert lines[0].startswith("dslint: error: ")
    assert said in lines[0]


@pytest.mark.parametrize(("name", "said"), [("missing.toml", "No such file or directory"), (".", "Is a directory")])
def test_a_configuration_that_cannot_be_read_is_2(main, good, name, said):
    ran = main("lint", "--config", name, good)
    assert (ran.code, ran.out, ran.err) == (2, "", f"dslint: error: {name}: {said}\n")


def test_a_file_that_fails_does_not_keep_others_from_being_read(main, bad):
    ran = main(*LINT, "--output-format", "json", "missing.jsonl", bad)
    report = json.loads(ran.out)
    assert ran.code == 2
    assert [finding["name"] for finding in report["findings"]] == ["empty-assistant"]
    assert len(report["errors"]) == 1


def test_an_lfs_pointer_is_2_with_the_remedy(main, here, good):
    (here / "train.jsonl").write_bytes(POINTER)
    ran = main(*LINT, "train.jsonl", good)
    assert ran.code == 2
    assert "train.jsonl is a Git LFS pointer, not data (sha256:4d7a2146…)" in ran.err
    assert "git lfs pull" in ran.err


def test_an_unknown_configuration_key_is_2_with_line_and_suggestion(main, here, good):
    (here / "dslint.toml").write_text('target = "generic"\nfail_on = "warning"\n')
    ran = main("lint", good)
    assert ran.code == 2
    assert ran.err.endswith("dslint.toml:2: unknown key `fail_on` (did you mean `fail-on`?)\n")


def test_a_rule_that_crashes_is_2_and_the_others_go_on(main, here, bad):
    (here / "rules").mkdir()
    (here / "rules" / "touchy.py").write_text(CRASHING)
    (here / "dslint.toml").write_text('rules = ["rules"]\n')
    ran = main(*LINT, "--extend-select", "touchy", "--output-format", "json", bad)
    report = json.loads(ran.out)
    assert ran.code == 2
    assert [finding["name"] for finding in report["findings"]] == ["empty-assistant"]
    assert "internal error in touchy on bad.jsonl:3: LookupError: what now (please report)" in ran.err
    assert "Traceback" not in ran.err


def test_a_folder_without_data_is_a_warning_and_0(main, here):
    (here / "nothing").mkdir()
    ran = main(*LINT, "nothing")
    assert ran.code == 0
    assert ran.err == "dslint: warning: nothing: no .jsonl or .ndjson files in this folder\n"


def test_a_file_is_read_once_however_often_it_is_named(main, here, bad):
    os.link(bad, "link.jsonl")
    (here / "symlink.jsonl").symlink_to(bad)
    ran = main(*LINT, "--show-files", bad, f"./{bad}", "link.jsonl", "symlink.jsonl", ".")
    assert (ran.code, ran.out) == (0, "bad.jsonl\n")
    assert main(*LINT, "--show-files", "symlink.jsonl", bad).out == "symlink.jsonl\n"


def test_show_files_survives_any_name(main, here):
    with open(os.fsencode(here) + b"/odd\xff\n::error.jsonl", "wb"):
        pass
    ran = main("lint", "--show-files", ".")
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    assert ran.out.isascii()


def test_output_file_takes_the_report(main, here, bad):
    ran = main(*LINT, "--output-format", "json", "--output-file", "report.json", bad)
    assert (ran.code, ran.out) == (1, "")
    assert len(json.loads((here / "report.json").read_bytes())["findings"]) == 1


def test_the_report_goes_to_standard_output_whatever_the_exit_code(main, bad, good):
    for arguments, code in (([good], 0), ([bad], 1), (["missing"], 2), ([], 1)):
        ran = main(*LINT, "--output-format", "json", *arguments)
        assert ran.code == code
        assert json.loads(ran.out)["version"] == 1


def test_version_and_help(dslint):
    assert dslint("--version").stdout.decode() == f"dslint {package.__version__}\n"
    shown = dslint("lint", "--help")
    assert shown.returncode == 0
    assert b"Exit codes" in shown.stdout
    assert dslint().returncode == 2


def test_pipes_are_read(dslint, here, sound):
    ran = dslint(*LINT, "--output-format", "concise", "-", "-", input=sound(11) + EMPTY_ANSWER)
    assert ran.returncode == 1
    assert ran.stdout.startswith(b"<stdin>:12:")
    named = dslint(*LINT, "--stdin-filename", "train.jsonl", "-", input=sound(11) + EMPTY_ANSWER)
    assert b"train.jsonl:12:" in named.stdout
    os.mkfifo(here / "pipe")
    with subprocess.Popen(["sh", "-c", "cat > pipe"], stdin=subprocess.PIPE, cwd=here) as writer:
        process = subprocess.Popen(
            [sys.executable, "-m", "dslint", *LINT, "pipe"], stdout=subprocess.PIPE, env=environment()
        )
        writer.communicate(sound(11) + EMPTY_ANSWER, timeout=30)
        assert b"pipe:12:" in process.communicate(timeout=30)[0]
        assert process.returncode == 1


@pytest.mark.parametrize(
    "arguments", [[*LINT, "many.jsonl", "--output-format", "json"], ["rules"], [*LINT, "good.jsonl"]]
)
def test_a_closed_pipe_is_no_error(here, good, arguments):
    (here / "many.jsonl").write_bytes(EMPTY_ANSWER * 2000)
    command = f"{sys.executable} -m dslint {' '.join(arguments)}; echo code $? >&2"
    ran = subprocess.run(["bash", "-c", f"({command}) | head -c0"], capture_output=True, env=environment())
    assert ran.stderr in (b"code 0\n", b"code 1\n")


def test_a_full_disk_is_2_and_one_line(good, bad):
    for name in (good, bad):
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-m", "dslint", *LINT, name]
            ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment())
        assert (ran.returncode, ran.stderr) == (2, b"dslint: error: output: No space left on device\n")


def test_interrupt_is_130_and_leaves_nothing(here):
    os.mkfifo(here / "pipe")
    (here / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "dslint", *LINT, "pipe"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(TMPDIR=str(here / "tmp")),
    )
    with open("pipe", "wb") as pipe:
        pipe.write(b"{}\n")
        pipe.flush()
        wait_for(lambda: b"pipe" in opened(process.pid) and b"(deleted)" in opened(process.pid))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert not list((here / "tmp").iterdir())


def opened(pid):
    """The names of the files that a process has open."""
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed in the meantime
            links.append(os.readlink(os.fsencode(link)))
    return b" ".join(links)


def wait_for(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
