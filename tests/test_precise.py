"""The precise reader: it finds just the faults that make the fast decoder refuse a line, and where they are."""

import base64
import json
import time
from math import isinf
from pathlib import Path

import jiter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslint.precise import KINDS, Scan, Span, examine, text_span

SUITE = Path(__file__).parent.parent / "fixtures" / "jsontestsuite" / "cases.json"
CASES = [
    (c["name"], c["class"], base64.b64decode(c["base64"]), c["expected"]) for c in json.loads(SUITE.read_text())
]


def kinds(raw):
    return [fault.kind for fault in examine(raw).faults]


def infinite(value):
    if isinstance(value, dict):
        return any(map(infinite, value.values()))
    if isinstance(value, list):
        return any(map(infinite, value))
    return isinstance(value, float) and isinf(value)


def fast_decoder_takes(raw):
    try:
        data = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
    except ValueError:
        return False
    return isinstance(data, dict) and not infinite(data)


def check_law(raw):
    scan = examine(raw)
    assert isinstance(scan, Scan)
    assert (not scan.faults) == fast_decoder_takes(raw), (raw, scan.faults)
    assert [fault.byte for fault in scan.faults] == sorted(fault.byte for fault in scan.faults)
    assert len(scan.faults) <= 20
    for fault in scan.faults:
        assert fault.kind in KINDS
        assert fault.length >= 1 or raw[fault.byte :] in (b"", b"\r")
        assert 0 <= fault.byte <= fault.byte + fault.length <= len(raw)
        assert 0 < len(fault.detail) <= 80
        assert (fault.detail + fault.pointer).encode()


# Each line: the bytes, then kind, byte, length and pointer of its only fault.
ONE_FAULT = [
    (b'{"a": "\xc3\xa9\xff"}', "invalid-utf8", 9, 1, "/a"),
    (b'{"a": "\xe2\x82"}', "invalid-utf8", 7, 2, "/a"),
    (b'{"a": "\xed\xa0\x80"}', "invalid-utf8", 7, 1, "/a"),
    (b"{}\xff", "invalid-utf8", 2, 1, ""),
    (b'\xef\xbb\xbf{"a": 1}', "byte-order-mark", 0, 3, ""),
    (b"", "blank-line", 0, 0, ""),
    (b" \t\r", "blank-line", 0, 3, ""),
    (b'{"a": [1, 2 , ]}', "trailing-comma", 12, 1, "/a"),
    (b'{"a": {"b": 1},}', "trailing-comma", 14, 1, ""),
    (b"{'a': 1}", "single-quotes", 1, 1, ""),
    (b"{\"a\": 'x'}", "single-quotes", 6, 1, "/a"),
    (b'{"a": "he said "hello" to me"}', "unescaped-quote", 15, 1, "/a"),
    (b'{"a": "\xc3\xa9" then"}', "unescaped-quote", 9, 1, "/a"),
    (b'{"a": "x"\xc3\xa9"}', "unescaped-quote", 8, 1, "/a"),
    (b'{"a"b": 1}', "unescaped-quote", 3, 1, "/a"),
    (b'{"a": "6"5"}', "unescaped-quote", 8, 1, "/a"),
    (b'{"a": 1} {"b": 2}', "several-objects", 9, 1, ""),
    (b'{"a": 1}"b"', "several-objects", 8, 1, ""),
    (b'{"a": 1},', "extra-data", 8, 1, ""),
    (b'{"a": 1}}', "extra-data", 8, 1, ""),
    (b'{"a": 1}\xc3\xa9', "extra-data", 8, 2, ""),
    (b"{\"a\": 1} 'x'", "extra-data", 9, 1, ""),
    (b'{"a": "x', "truncated-line", 8, 0, "/a"),
    (b'{"a": "x\r', "truncated-line", 8, 0, "/a"),
    (b'{"a": "x\\', "truncated-line", 9, 0, "/a"),
    (b'{"a": "x\\u00e', "truncated-line", 13, 0, "/a"),
    (b'{"a": [1', "truncated-line", 8, 0, "/a/0"),
    (b'{"a": [1,', "truncated-line", 9, 0, "/a/1"),
    (b'{"a"', "truncated-line", 4, 0, "/a"),
    (b'{"a":', "truncated-line", 5, 0, "/a"),
    (b'{"a": 1, ', "truncated-line", 9, 0, ""),
    (b'{"a": tru', "truncated-line", 9, 0, "/a"),
    (b'{"a": 1.', "truncated-line", 8, 0, "/a"),
    (b'{"a": -', "truncated-line", 7, 0, "/a"),
    (b'{"a": NaN}', "non-finite-number", 6, 3, "/a"),
    (b'{"a": [0, Infinity]}', "non-finite-number", 10, 8, "/a/1"),
    (b'{"a": -Infinity}', "non-finite-number", 6, 9, "/a"),
    (b'{"a": 1, "b": {"a": 0}, "\\u0061": 2}', "duplicate-key", 24, 8, "/a"),
    (b'{"\xc3\xa9": 1, "\\u00e9": 2}', "duplicate-key", 10, 8, "/\u00e9"),
    (b'{"a": "\\ud83d\\ude00 \\ud83d"}', "lone-surrogate", 20, 6, "/a"),
    (b'{"a": "\\ud83d\\ud83d\\ude00"}', "lone-surrogate", 7, 6, "/a"),
    (b'{"a": "\\\\ud83d \\uDE00"}', "lone-surrogate", 15, 6, "/a"),
    (b'{"x\\ud800": 1}', "lone-surrogate", 3, 6, ""),
    (b'{"a": 1e999}', "unrepresentable-number", 6, 5, "/a"),
    (b'{"a": -1E+400}', "unrepresentable-number", 6, 7, "/a"),
    (b'{"a": 1.7976931348623159e308}', "unrepresentable-number", 6, 22, "/a"),
    (b'{"a": ' + b"9" * 4301 + b"}", "unrepresentable-number", 6, 4301, "/a"),
    (b'{"a": "x\ty"}', "control-character", 8, 1, "/a"),
    (b'{"a": "x\x00y"}', "control-character", 8, 1, "/a"),
    (b'{"a": 1}\x00\x00', "control-character", 8, 1, ""),
    (b"\x00", "control-character", 0, 1, ""),
    (b'{"a":\x0c1}', "control-character", 5, 1, "/a"),
    (b"// a comment", "comment", 0, 2, ""),
    (b" # a comment", "comment", 1, 1, ""),
    (b'{"a": /* one */ 1}', "comment", 6, 2, "/a"),
    (b'{"a": 1 // one', "comment", 8, 2, "/a"),
    (b'{"a": "x" # one', "comment", 10, 1, "/a"),
    (b'{"a": 1} # one', "comment", 9, 1, ""),
    (b'{"a": True}', "python-literal", 6, 4, "/a"),
    (b'{"a": [None]}', "python-literal", 7, 4, "/a/0"),
    (b'{"a": False', "python-literal", 6, 5, "/a"),
    (b'{"a": 01}', "syntax-error", 6, 2, "/a"),
    (b'{"a": +1}', "syntax-error", 6, 2, "/a"),
    (b'{"a": .5}', "syntax-error", 6, 2, "/a"),
    (b'{"a": "x" "b": 1}', "syntax-error", 10, 1, "/a"),
    (b'{"a" "x"}', "syntax-error", 5, 1, "/a"),
    (b'{"a": [1}', "syntax-error", 8, 1, "/a/0"),
    (b'{"a": [1,,2]}', "syntax-error", 9, 1, "/a/1"),
    (b'{"a": "\\x41"}', "syntax-error", 7, 2, "/a"),
    (b'{"a": "\\u12G4"}', "syntax-error", 7, 2, "/a"),
    (b"{a: 1}", "syntax-error", 1, 1, ""),
    (b"{\xe2\x80\x9ca\xe2\x80\x9d: 1}", "syntax-error", 1, 3, ""),
    (b"hello", "syntax-error", 0, 5, ""),
    (b" [1, 2] ", "not-an-object", 1, 6, ""),
    (b'"x"', "not-an-object", 0, 3, ""),
    (b"null", "not-an-object", 0, 4, ""),
    (b'{"a":' * 200 + b'{"a": 1}' + b"}" * 200, "deep-nesting", 1000, 1, "/a" * 200),
]


@pytest.mark.parametrize(("raw", "kind", "byte", "length", "pointer"), ONE_FAULT)
def test_one_fault_is_named_and_placed_to_the_byte(raw, kind, byte, length, pointer):
    (fault,) = examine(raw).faults
    assert (fault.kind, fault.byte, fault.length, fault.pointer) == (kind, byte, length, pointer)
    check_law(raw)


def test_every_kind_has_an_exact_example():
    assert {kind for _, kind, *_ in ONE_FAULT} == KINDS


CLEAN = [
    b"{}",
    b" \t{ } \r",
    b'{"": "", "a": "\\u0000\\/\\"\\\\\\b\\f\\n\\r\\t\x7f"}',
    b'{"a": [-0, 1E+2, 1e-400, 0.0e99999, 1.7976931348623157e308, ' + b"9" * 4300 + b"]}",
    b'{"a": 18446744073709551616}',
    b'{"a": "\\ud83d\\uDE00\\\\ud83d", "\xf0\x9f\x98\x80": "\xe2\x80\xa8"}',
    b'{"a": "// no # comment, \'quoted\' NaN,}"}',
    b'{"a":' * 200 + b"[]" + b"}" * 200,
    b'{"a": 1}\r',
]


@pytest.mark.parametrize("raw", CLEAN)
def test_a_sound_record_has_no_fault(raw):
    assert kinds(raw) == []
    check_law(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": NaN, "a": 1e999}', ["non-finite-number", "duplicate-key", "unrepresentable-number"]),
        (b'{"a": NaN, "b": "\\ud800", }', ["non-finite-number", "lone-surrogate", "trailing-comma"]),
        (b"\xef\xbb\xbf[NaN]", ["byte-order-mark", "not-an-object", "non-finite-number"]),
        (b"\xef\xbb\xbf ", ["byte-order-mark", "blank-line"]),
        (b'{"\\ud800": 1, "\\ud800": 2}', ["lone-surrogate", "duplicate-key", "lone-surrogate"]),
        (b'[NaN, tru, "\\ud800"]', ["non-finite-number", "syntax-error"]),
    ],
)
def test_reading_goes_on_after_faults_of_meaning_and_ends_at_the_first_of_syntax(raw, expected):
    assert kinds(raw) == expected


def test_details_say_what_was_expected_and_found():
    def detail(raw):
        return examine(raw).faults[0].detail

    assert detail(b'{"a": 1 "b": 2}') == "expected ',' or '}' after a value, found '\"'"
    assert detail(b'{"a": "x') == "line ends inside a string that starts at byte 6"
    assert detail(b'{"a": [1') == "line ends inside an array that starts at byte 6"
    assert detail(b'{"a": 1, "a": 2}') == "key 'a' is repeated, first at column 2"
    assert detail('{"é": 1, "a": 1, "a": 2}'.encode()) == "key 'a' is repeated, first at column 10"
    assert detail("{“a”: 1}".encode()) == "expected a key in double quotes, found '“'"
    assert detail(b'{"a": \xe2\x80\xae1}') == r"expected a value, found '\u202e'"


def test_the_faults_of_a_line_are_limited_but_keep_the_one_of_syntax():
    found = kinds(b'{"a": [' + b"NaN, " * 1000 + b"]}")
    assert found == ["non-finite-number"] * 19 + ["trailing-comma"]


def test_spans_of_values_and_keys_by_pointer():
    raw = '{"é": [1, {"a/b~c": "x"}], "\\u0061": null}'.encode()
    scan = examine(raw)
    values = {pointer: raw[span.start : span.end].decode() for pointer, span in scan.spans.items()}
    keys = {pointer: raw[span.start : span.end].decode() for pointer, span in scan.keys.items()}
    assert values == {
        "": raw.decode(),
        "/é": '[1, {"a/b~c": "x"}]',
        "/é/0": "1",
        "/é/1": '{"a/b~c": "x"}',
        "/é/1/a~1b~0c": '"x"',
        "/a": "null",
    }
    assert keys == {"/é": '"é"', "/é/1/a~1b~0c": '"a/b~c"', "/a": '"\\u0061"'}


def test_spans_reach_to_the_first_syntax_fault():
    for raw in (b'{"a": 1, "b": [2, x]}', b'{"a": 1, "b": [2, "\xff"]}'):
        scan = examine(raw)
        assert scan.spans == {"/a": Span(6, 7), "/b/0": Span(15, 16)}
        assert scan.keys == {"/a": Span(1, 4), "/b": Span(9, 12)}


def test_text_span_counts_characters_not_escapes_or_bytes():
    raw = '{"a": "é\\n\\u00e9😀\\ud83d\\ude00\\\\x"}'.encode()
    span = examine(raw).spans["/a"]
    pieces = [text_span(raw, span, i, i + 1) for i in range(7)]
    assert [raw[start:end].decode() for start, end in pieces] == [
        "é", "\\n", "\\u00e9", "😀", "\\ud83d\\ude00", "\\\\", "x",
    ]  # fmt: skip


def test_text_span_stays_inside_its_value():
    raw = b'{"a": "xyz", "n": 12}'
    spans = examine(raw).spans
    assert text_span(raw, spans["/a"], 1, 99) == Span(8, 10)
    assert text_span(raw, spans["/a"], 2, 2) == Span(9, 9)
    assert text_span(raw, spans["/n"], 0, 1) == spans["/n"]


@given(st.text(), st.data(), st.booleans())
def test_text_span_is_the_slice_of_the_decoded_string(text, data, escaped):
    raw = json.dumps({"a": text}, ensure_ascii=escaped).encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = text_span(raw, examine(raw).spans["/a"], start, end)
    assert json.loads(b'"' + raw[span.start : span.end] + b'"') == text[start:end]


@given(st.dictionaries(st.text(), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
), max_size=4), st.booleans())  # fmt: skip
def test_each_span_holds_its_value_and_key(record, escaped):
    raw = json.dumps(record, ensure_ascii=escaped).encode()
    scan = examine(raw)
    assert scan.faults == ()

    def walk(value, pointer):
        span = scan.spans[pointer]
        assert json.loads(raw[span.start : span.end]) == value
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for token, item in items:
            inner = pointer + "/" + str(token).replace("~", "~0").replace("/", "~1")
            if isinstance(value, dict):
                assert json.loads(raw[scan.keys[inner].start : scan.keys[inner].end]) == token
            walk(item, inner)

    walk(record, "")


FRAGMENTS = [
    *(
        rb'" \ { } [ ] , : - 1e999 NaN -Infinity \ud800 \ude00 \u00e9 \u12 // # /* True null tru 0 . e E+ 1.5'
    ).split(),
    *(
        b"\xff",
        b"\xc3",
        b"\xc3\xa9",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"\xf0\x9f\x98\x80",
        b"\x00",
        b"\x0c",
        b"\x7f",
    ),
    *(b" ", b"\t", b"\r", b"'", b'"a":1,', b"{}", b"[]", b"1" * 4301, b"[" * 200, b"9" * 400 + b".0"),
]
SEEDS = [raw for _, _, raw, _ in CASES if len(raw) < 3000] + [raw for raw, *_ in ONE_FAULT] + CLEAN * 20
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from(FRAGMENTS) | st.binary(max_size=2)), max_size=4
)


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(st.sampled_from(SEEDS), EDITS)
def test_no_fault_means_just_what_the_fast_decoder_takes(raw, edits):
    for where, cut, fragment in edits:
        at = int(where * len(raw))
        raw = raw[:at] + fragment + raw[at + cut :]
    check_law(raw)


@given(st.binary() | st.lists(st.sampled_from(FRAGMENTS)).map(b"".join))
def test_any_bytes_are_read_without_an_error(raw):
    check_law(raw)


@pytest.mark.parametrize(("name", "suite_class", "raw", "expected"), CASES, ids=[case[0] for case in CASES])
def test_json_test_suite(name, suite_class, raw, expected):
    found = [kind for kind in kinds(raw) if kind != "not-an-object"]
    top_level = raw.lstrip(b" \t\r\n\xef\xbb\xbf")[:1]
    if expected == "accept":
        assert kinds(raw) == ([] if top_level == b"{" else ["not-an-object"])
    elif expected == "reject":
        assert suite_class == "n"
        assert found
    else:
        assert found[0] == expected
        assert suite_class == "i" or (suite_class, expected) == ("y", "duplicate-key")
    check_law(raw)


def test_json_test_suite_is_complete():
    classes = [suite_class for _, suite_class, _, _ in CASES]
    assert {name: classes.count(name) for name in "yni"} == {"y": 95, "n": 188, "i": 35}
    assert [case[3] for case in CASES if case[1] == "y"].count("accept") == 93


def test_json_test_suite_values_over_several_lines_are_faulty_lines():
    several = {name: raw.split(b"\n") for name, kind, raw, _ in CASES if kind == "y" and b"\n" in raw}
    assert {name: [kinds(line) for line in lines] for name, lines in several.items()} == {
        "y_array_with_1_and_newline": [["truncated-line"], ["syntax-error"]],
        "y_object_with_newlines": [["truncated-line"], ["extra-data"], ["syntax-error"]],
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_000_000,
        b'"a' * 500_000,
        b'{"a": "' + b"\\n" * 200_000 + b"\x01",
        b"{" + b'"a":1,' * 100_000 + b'"a":1}',
        b'{"' + b"k" * 300_000 + b'": [' + b"0," * 100_000 + b"0]}",
        b'{"a": ' + b"1" * 1_000_000 + b".5}",
        b'["' + b"\\ud800" * 200_000 + b'"]',
    ],
    ids=["brackets", "quotes", "escapes", "repeated-keys", "long-key", "digits", "surrogates"],
)
def test_hostile_lines_take_linear_time(raw):
    started = time.process_time()
    examine(raw)
    assert time.process_time() - started < 5  # a quadratic reader takes minutes
