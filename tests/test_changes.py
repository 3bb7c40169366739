"""Only what a branch adds or changes is shown, judged against everything there is."""

from __future__ import annotations

import json
import subprocess

import pytest


def row(question, answer):
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns})


ROWS = [row(f"Question number {number} about things?", f"Answer {number * 7919}") for number in range(20)]
OLD = [row("An old mistake?", ""), *ROWS]


def git(*arguments):
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def write(path, rows):
    path.write_text("\n".join(rows) + "\n", "utf-8")


@pytest.fixture
def repository(here):
    git("init", "-q", "-b", "main")
    write(here / "data.jsonl", OLD)
    git("add", ".")
    git("commit", "-qm", "data")
    git("checkout", "-qb", "branch")
    return here


def found(main, *more):
    ran = main("lint", "--diff-base", "main", "--output-format", "json", *more)
    return [(finding["path"], finding["line"], finding["code"]) for finding in json.loads(ran.out)["findings"]]


def test_only_lines_of_the_branch_are_reported(main, repository):
    assert found(main, "data.jsonl") == []
    write(repository / "data.jsonl", [*OLD[:5], row("A new mistake?", " "), *OLD[5:]])
    assert found(main, "data.jsonl") == [("data.jsonl", 6, "MSG107")]
    git("commit", "-qam", "more")
    assert found(main, "data.jsonl") == [("data.jsonl", 6, "MSG107")]
    assert main("lint", "data.jsonl", "--diff-base", "main").code == 1


def test_what_main_gained_meanwhile_is_not_the_branchs(main, repository):
    git("checkout", "-q", "main")
    write(repository / "data.jsonl", OLD[:-1])
    git("commit", "-qam", "less")
    git("checkout", "-q", "branch")
    assert found(main, "data.jsonl") == []


def test_a_new_line_is_judged_against_the_old_ones(main, repository):
    write(repository / "data.jsonl", [*OLD, row("Question number 3 about things?", "Another answer")])
    assert found(main, "data.jsonl") == [("data.jsonl", 5, "DUP103")]  # where the other side of the conflict is


def test_a_new_file_is_reported_whole(main, repository):
    write(repository / "more.jsonl", [row("Why?", "")])
    assert {code for _, _, code in found(main, "more.jsonl")} == {"MSG107", "SET101"}


def test_hostile_configuration_of_git_changes_nothing(main, repository, monkeypatch):
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    git("config", "diff.noprefix", "true")
    git("config", "color.ui", "always")
    (repository / ".gitattributes").write_text("*.jsonl binary\n")
    write(repository / "data.jsonl", [*OLD, row("A new mistake?", "")])
    assert found(main, "data.jsonl") == [("data.jsonl", len(OLD) + 1, "MSG107")]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:data.jsonl"])
def test_a_revision_that_is_none(main, repository, revision):
    ran = main("lint", "data.jsonl", f"--diff-base={revision}")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert sorted(path.name for path in repository.iterdir()) == [".git", "data.jsonl"]


def test_outside_of_a_repository(main, here):
    write(here / "data.jsonl", OLD)
    ran = main("lint", "data.jsonl", "--diff-base", "main")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
