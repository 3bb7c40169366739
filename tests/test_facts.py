"""Facts are kept as bytes, in memory or on a disk, and are the same facts when they are read."""

import pickle
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslint import spilling
from dslint.collecting import Columns
from dslint.facts import BY_SOURCE, Facts, Gathered
from dslint.findings import REFERENCE, Fact

KEYS = st.sampled_from([b"", b"k" * 16, b"other" * 4, b"x"]) | st.binary(min_size=16, max_size=16)
VALUES = st.sampled_from([b"", b"same"]) | st.binary(max_size=40)
ENTRIES = st.lists(st.tuples(st.integers(1, 10**6), KEYS, VALUES), max_size=20)
PARTS = st.lists(st.tuples(st.sampled_from("bac"), ENTRIES, ENTRIES), max_size=5)


def gathered(source: str, *entries: list[tuple[int, bytes, bytes]]) -> Gathered:
    found = Gathered(len(entries))
    found.add([Columns(*zip(*made, strict=True)) for made in entries])
    found.close(source, f"role of {source}")
    return found


@pytest.fixture(params=["memory", "disk"])
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "disk":
        monkeypatch.setattr(spilling, "IN_MEMORY", 16)


@pytest.mark.usefixtures("room")
@given(parts=PARTS, sent=st.booleans())
def test_facts_are_read_as_they_were_gathered(parts: list[Any], sent: bool) -> None:
    """Whatever is put together from parts of files, in one process or several, as a list of facts would be."""
    whole = Gathered(2)
    expected: list[list[Fact]] = [[], []]
    lines = Counter[str]()
    for source, *entries in parts:
        part = gathered(source, *entries)
        whole.take(pickle.loads(pickle.dumps(part)) if sent else part, lines[source])
        for facts, made in zip(expected, entries, strict=True):
            facts += [Fact(source, lines[source] + line, f"role of {source}", *more) for line, *more in made]
        lines[source] += 10**6
    for segments, facts in zip(whole.segments, expected, strict=True):
        found = Facts(sorted(segments, key=BY_SOURCE))
        facts.sort(key=BY_SOURCE)
        assert list(found) == facts
        assert [found[row] for row in range(-len(facts), len(facts))] == [*facts, *facts]
        assert found[1:-1] == facts[1:-1]
        assert found.sources == {fact.source: fact.role for fact in facts}


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("many", [0, 10_000])
@given(entries=ENTRIES)
def test_keys_that_stand_more_than_once(entries: list[Any], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dslint.facts.MANY", many)
        facts = Facts(gathered("a", entries).segments[0])
        groups = facts.repeated()
    keys = [fact.key for fact in facts]
    assert [row for group in groups for row in group if keys.count(keys[row]) < 2] == []
    assert [[keys[row] for row in group] for group in groups] == [
        [key] * times for key, times in Counter(keys).items() if times > 1
    ]
    assert groups == [sorted(group) for group in sorted(groups)]


def test_references_come_first_and_files_in_their_order() -> None:
    found = []
    for source, role in (("a", "train"), ("b", REFERENCE), ("c", "test")):
        part = Gathered(1)
        part.add([Columns([1], [b"k"], [source.encode()])])
        part.close(source, role)
        found += part.segments[0]
    facts = Facts(found[:1]).joined(Facts(found[1:]))
    assert [fact.source for fact in facts] == ["a", "b", "c"]
    assert [fact.source for fact in facts.references_first()] == ["b", "a", "c"]
    assert [fact.source for fact in Facts(found[2:]).joined(Facts(found[:1]))] == ["a", "c"]


def test_a_value_that_collectors_share_is_kept_once() -> None:
    value = b"v" * 1000
    found = Gathered(3)
    found.add([Columns([1], [bytes(16)], [value])] * 3)
    found.close("data.jsonl", "")
    assert len(found.values) < 1100


def test_a_disk_without_room_is_named(full_disk: str) -> None:
    with pytest.raises(spilling.NoRoom, match=f"^{full_disk}: No space left on device; set TMPDIR"):
        spilling.Spill().append(bytes(20))
