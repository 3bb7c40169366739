"""Labels in doubt: planted mistakes come first, and neither order nor a missing extra does harm."""

import sys

from dslint.mislabels import doubts

TOPICS = {
    "billing": ("charged", "invoice", "refund", "fee", "card"),
    "password": ("login", "password", "reset", "locked", "sign"),
    "shipping": ("parcel", "delivery", "courier", "address", "late"),
}
ROWS = [
    (f"my {one} and the {other} please", topic)
    for topic, words in TOPICS.items()
    for one in words
    for other in words
    if one != other
]
PLANTED = [("the courier lost my late parcel", "billing"), ("reset my password and login", "shipping")]


def found(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    texts, labels = zip(*rows, strict=True)
    return [(texts[doubt.row], doubt.better) for doubt in doubts(texts, labels)]


def test_planted_mistakes_come_first_whatever_the_order() -> None:
    expected = {("the courier lost my late parcel", "shipping"), ("reset my password and login", "password")}
    assert set(found([*ROWS, *PLANTED])[:2]) == expected
    assert set(found([*PLANTED, *reversed(ROWS)])[:2]) == expected


def test_one_label_and_empty_texts_are_no_reason_to_doubt() -> None:
    assert doubts(["a", "b"], ["x", "x"]) == []
    assert doubts(["", "", "one", "two"], ["x", "y", "x", "y"]) == []


def test_without_the_extra_one_line_says_what_to_install(main, here, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    turns = '{"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}\n'
    (here / "data.jsonl").write_text("".join(turns % row for row in ROWS))
    code, out, _ = main("lint", "data.jsonl", "--select", "LBL108")
    assert code == 0
    assert "labels were not judged: install dslint-chat[labels]" in out


def test_a_label_that_stands_once_has_nothing_to_be_judged_by() -> None:
    lone = ("the courier lost the late parcel", "lost")
    assert lone[0] not in dict(found([*ROWS, lone]))
    assert lone[0] in dict(found([*ROWS, lone, ("my password and the login please", "lost")]))
