"""Faults of a file as a whole: one finding, and nothing in it is taken for lines."""

import gzip
import json

import pytest

from dslint.decode import file_fault
from dslint.sources import MAX_LINE

pytestmark = pytest.mark.usefixtures("here")

RECORD = '{"messages": [{"role": "user", "content": "Hallo, wie geht es?"}]}\n'
RECORDS = [{"a": 1, "b": ["x", {}]}, {"a": 2, "b": []}]
PRETTY = "\n".join(json.dumps(record, indent=2) for record in RECORDS).encode()

WHOLE = {
    "utf-16-le": (RECORD.encode("utf-16-le"), "wrong-encoding"),
    "utf-16-be": (RECORD.encode("utf-16-be"), "wrong-encoding"),
    "utf-16 with BOM": (RECORD.encode("utf-16"), "wrong-encoding"),
    "utf-16-be with BOM": (b"\xfe\xff" + RECORD.encode("utf-16-be"), "wrong-encoding"),
    "utf-16 of another script": ('{"a": "你好你好"}\n'.encode("utf-16-le"), "wrong-encoding"),
    "utf-32-le": (RECORD.encode("utf-32-le"), "wrong-encoding"),
    "utf-32-be": (RECORD.encode("utf-32-be"), "wrong-encoding"),
    "utf-32 with BOM": (RECORD.encode("utf-32"), "wrong-encoding"),
    "utf-32-be with BOM": (b"\x00\x00\xfe\xff" + RECORD.encode("utf-32-be"), "wrong-encoding"),
    "gzip": (gzip.compress(RECORD.encode()), "packed-data"),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x00", "packed-data"),
    "zip": (b"PK\x03\x04" + bytes(30), "packed-data"),
    "Parquet": (b"PAR1" + bytes(30), "binary-data"),
    "Arrow": (b"ARROW1\0\0" + bytes(30), "binary-data"),
    "array on one line": (json.dumps(RECORDS).encode(), "json-array"),
    "array over lines": (json.dumps(RECORDS, indent=1).encode(), "json-array"),
    "array, a record a line": (b'[{"a": 1},\n{"a": 2}]\n', "json-array"),
    "pretty-printed objects": (PRETTY, "pretty-printed"),
    "pretty-printed object": (json.dumps(RECORDS[0], indent=4).encode(), "pretty-printed"),
    "pretty-printed with CRLF": (PRETTY.replace(b"\n", b"\r\n"), "pretty-printed"),
    "pretty-printed after a BOM": (b"\xef\xbb\xbf" + PRETTY, "pretty-printed"),
    "CR only": (RECORD.replace("\n", "\r").encode() * 3, "cr-line-ends"),
    "empty": (b"", "empty-file"),
}
READABLE = {
    "plain": RECORD.encode() * 2,
    "BOM only": b"\xef\xbb\xbf",
    "blank lines": b"\n \n\t\r\n\n",
    "one line": RECORD.encode().rstrip(),
    "CRLF": RECORD.replace("\n", "\r\n").encode() * 2,
    "first line cut off": RECORD[:30].encode() + b"\n" + RECORD.encode() * 5,
    "first line cut off before a value": b'{"a":\n' + b'{"b": 1}\n' * 5,
    "first line cut off in an array": b'{"a": [{"b": 1},\n' + b'{"b": 1}\n' * 5,
    "first line an open bracket": b"[\n" + RECORD.encode() * 3,
    "first line broken": b"{a: 1}\n" + RECORD.encode() * 3,
    "array of numbers": b"[1, 2]\n",
    "an array a line": b"[1]\n[2]\n",
    "NUL bytes": bytes(40),
    "text": b"hello\nworld\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_makes_a_file_unreadable(name):
    data, kind = WHOLE[name]
    fault = file_fault(data, True)
    assert fault is not None
    assert fault.kind == kind


@pytest.mark.parametrize("name", READABLE)
def test_what_is_read_line_by_line(name):
    assert file_fault(READABLE[name], True) is None


def codes(main, *arguments) -> list[tuple[str, int, int | None]]:
    ran = main("lint", "--select", "JSN", "--output-format", "json", *arguments)
    report = json.loads(ran.out)
    return [(finding["name"], finding["line"], ran.code) for finding in report["findings"]]


@pytest.mark.parametrize("name", [name for name in WHOLE if not name.startswith("array")])
def test_one_cause_is_one_finding(main, here, name):
    data, kind = WHOLE[name]
    (here / "a.jsonl").write_bytes(data)
    found = codes(main, "a.jsonl")
    if kind in ("json-array", "pretty-printed"):  # its records are looked at as well, as if each stood on a line
        assert [name for name, _, _ in found].count(kind) == 1
    else:
        assert found == [(kind, 1, 1)]


def test_other_files_are_read_all_the_same(main, here):
    (here / "a.jsonl").write_bytes(b"")
    (here / "b.jsonl").write_bytes(b"{}\n{]\n")
    assert [found[:2] for found in codes(main, "a.jsonl", "b.jsonl")] == [("empty-file", 1), ("syntax-error", 2)]


def test_blank_lines_and_a_lone_bom_are_said_line_by_line(main, here):
    (here / "blank.jsonl").write_bytes(b"\n \n")
    (here / "bom.jsonl").write_bytes(b"\xef\xbb\xbf\n")
    assert codes(main, "blank.jsonl") == [("blank-line", 1, 0), ("blank-line", 2, 0)]
    assert ("byte-order-mark", 1, 0) in codes(main, "bom.jsonl")


def test_a_broken_first_line_is_the_only_finding(main, here, sound):
    (here / "a.jsonl").write_bytes(sound(1)[:40] + b"\n" + sound(9))
    assert codes(main, "a.jsonl") == [("truncated-line", 1, 1)]


def test_a_cut_archive_is_a_finding_after_those_of_its_lines(main, here, sound):
    for ending, data in ((".gz", gzip.compress(b"{]\n" + sound(3000))), (".zst", _zstd(b"{]\n" + sound(3000)))):
        path = here / f"a.jsonl{ending}"
        path.write_bytes(data[: len(data) * 3 // 4])
        found = codes(main, path.name)
        assert found[0] == ("syntax-error", 1, 1)
        assert found[1][0] == "damaged-archive"
        assert 100 < found[1][1] < 3001
        assert len(found) == 2


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)


def test_a_packed_file_without_its_ending_in_the_name_is_said_once(main, here, sound):
    (here / "a.jsonl").write_bytes(_zstd(sound(3)))
    assert codes(main, "a.jsonl") == [("packed-data", 1, 1)]


def test_a_line_over_the_limit_is_skipped_and_kept_by_fix(main, here, sound):
    long = b'{"a": "' + b"x" * MAX_LINE + b'"}\n'
    path = here / "a.jsonl"
    path.write_bytes(sound(1) + long + b"{]\r\n" + sound(1)[:-1])
    assert [found[:2] for found in codes(main, "a.jsonl")] == [
        ("long-line", 2),
        ("syntax-error", 3),
        ("crlf-line-ends", 3),
        ("no-final-newline", 4),
    ]
    assert main("lint", "--select", "JSN", "--fix", "a.jsonl").code == 1
    assert path.read_bytes() == sound(1) + long + b"{]\n" + sound(1)


def test_an_array_is_left_as_it_is_where_its_rule_is_off(main, here, sound):
    path = here / "a.jsonl"
    array = b"[" + b",".join(sound(10).splitlines()) + b"]"
    path.write_bytes(array)
    ran = main("lint", "--select", "JSN,MSG", "--ignore", "json-array", "--fix", "a.jsonl")
    assert path.read_bytes() == array
    assert ran.code == 0
    assert main("lint", "--select", "JSN,MSG", "--fix", "a.jsonl").code == 0
    assert path.read_bytes() == sound(10).replace(b": ", b":").replace(b", ", b",")
