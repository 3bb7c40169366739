"""Findings that set texts against each other show in what they differ, and nothing that must not be shown."""

from __future__ import annotations

import json

import pytest

from dslint.differences import NOTE_CHARS, marked, told_apart


@pytest.mark.parametrize(
    ("text", "other", "shown"),
    [
        ("I want a refund", "I need a refund", "I ⟨want → need⟩ a refund"),
        ("I want a refund please", "I want a refund", "I want a refund ⟨-please⟩"),
        ("a b c d e f g h", "a b c d e f g h now", "… f g h ⟨+now⟩"),
        ("x b c d e f g h i y", "X b c d e f g h i Y", "⟨x → X⟩ b c d … g h i ⟨y → Y⟩"),
        ("我要退款吗", "我想退款吗", "我⟨要 → 想⟩退款吗"),
        ("a ⟨b⟩ c", "a ⟨d⟩ c", "a ⟨\\u27e8b\\u27e9 → \\u27e8d\\u27e9⟩ c"),
    ],
)
def test_the_words_that_differ_are_marked(text: str, other: str, shown: str) -> None:
    assert marked(text, other) == shown


def test_a_note_is_a_line() -> None:
    long = marked("word " * 5000, "other\n\x1b[31m " * 5000)
    assert len(long) <= NOTE_CHARS
    assert "\n" not in long


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["billing", "account"], ["billing", "account"]),
        (["You can return it within 14 days.", "You can return it within 30 days."], ["…14 days.", "…30 days."]),
        (["a" * 40 + "b", "a" * 40 + "c"], ["…aaaaaaaab", "…aaaaaaaac"]),
        (["The answer is yes, you can", "The answer is yes"], ["…yes, you can", "…yes"]),
    ],
)
def test_answers_are_cut_to_where_they_differ(texts: list[str], shown: list[str]) -> None:
    assert told_apart(texts) == shown


def chat(question: str, answer: str) -> str:
    return json.dumps(
        {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}
    )


def test_majority_and_minority_are_named(main, here):
    rows = [("Twice?", "billing"), ("twice?", "account"), ("Twice?", "Billing"), ("Twice? ", "billing")]
    (here / "data.jsonl").write_text("\n".join(chat(*row) for row in rows) + "\n")
    (finding,) = json.loads(main("lint", "--select", "DUP103", "--output-format", "json", "data.jsonl").out)[
        "findings"
    ]
    assert finding["message"] == "same question: most say 'billing' (3), line 2 says 'account'"
    assert [place["line"] for place in finding["related"]] == [2, 3, 4]


def test_answers_that_differ_late_are_not_shown_as_if_they_were_equal(main, here):
    rows = [("Why?", "because " * 20 + end) for end in ("of that", "of this")]
    (here / "data.jsonl").write_text("\n".join(chat(*row) for row in rows) + "\n")
    ran = main("lint", "--select", "DUP103", "--output-format", "concise", "data.jsonl")
    assert "same question: 2 answers that differ after 60 characters" in ran.out


@pytest.mark.parametrize("form", ["full", "concise", "json", "json-lines", "github"])
def test_what_is_shown_of_data_cannot_command_and_tells_no_secret(main, here, form):
    mail, other = "jane.roe@parcel-kontor.de", "john.doe@parcel-kontor.de"
    rows = [
        (f"Please send my invoice of last month to {mail} \x1b[31m", "billing"),
        (f"Pleese send my invoices of last month to {mail} \x1b[31m", "account"),
        ("Who is it?", f"{mail}"),
        ("Who is it?", f"{other}"),
    ]
    (here / "data.jsonl").write_text("\n".join(chat(*row) for row in rows) + "\n")
    ran = main("lint", "--select", "DUP,SEC", "--extend-select", "all", "--output-format", form, "data.jsonl")
    assert "same question" in ran.out
    for text in ("\x1b", "jane.roe", "john.doe"):
        assert text not in ran.out
