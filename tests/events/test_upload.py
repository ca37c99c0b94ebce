"""Uploads: what kind of file it is, how it is packed and encoded; anything else gets a kind problem."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.table import Table
from engine.events.upload import read_upload

CSV = "word,größe\nhello,5\nspark,\n"
ROWS = [{"word": "hello", "größe": 5}, {"word": "spark", "größe": None}]


def table_of(data: bytes | str, name: str) -> Table:
    table = read_upload(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(table, Table), [str(problem) for problem in table]
    return table


def told(data: bytes | str, name: str) -> str:
    problems = read_upload(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(problems, list)
    assert all(problem.mend for problem in problems)
    return "; ".join(problem.what for problem in problems)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_is_read_in_any_usual_encoding_and_with_any_line_end(encoding, line_end):
    table = table_of(CSV.replace("\n", line_end).encode(encoding), "events.csv")

    assert list(table.rows) == ROWS


def test_a_guessed_encoding_is_told():
    (note,) = table_of(CSV.encode("latin-1"), "events.csv").problems

    assert "not UTF-8" in note.what


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("events.csv", CSV),
        ("events.txt", CSV),
        ("EVENTS.CSV.GZ", CSV),
        ("events.jsonl", "\n".join(map(json.dumps, ROWS))),
        ("events.json", json.dumps(ROWS)),
        ("no-ending", json.dumps(ROWS)),
        ("no-ending", CSV),
    ],
)
def test_the_contents_decide_and_gzip_is_unpacked(name, text):
    assert list(table_of(text, name).rows) == ROWS
    assert list(table_of(gzip.compress(text.encode()), name).rows) == ROWS


def test_several_gzip_files_behind_one_another_are_one():
    head, tail = CSV[:10].encode(), CSV[10:].encode()

    assert list(table_of(gzip.compress(head) + gzip.compress(tail), "events.csv.gz").rows) == ROWS


def test_a_text_file_of_words_has_a_word_a_line_and_no_header():
    assert list(table_of("hello\nhello\nspark\n", "words.txt").rows) == [
        {"word": w} for w in ["hello", "hello", "spark"]
    ]


@pytest.mark.parametrize("name", ["events.txt", "events.csv", "events.log"])
@pytest.mark.parametrize("text", ["|word|n|\n|-|-|\n|a|1|\n", "word=a n=1\n", " word | n\n------+---\n a    | 1\n"])
def test_what_can_be_typed_and_is_no_csv_is_read_from_a_file_too(text, name):
    assert list(table_of(text, name).rows) == [{"word": "a", "n": 1}]


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (b"", "events.csv", "empty"),
        (b"  \n\n", "events.csv", "empty"),
        (b"word,amount\n", "events.csv", "no rows"),
        (b"PK\x03\x04rest", "events.xlsx", "Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "picture.png", "it is a picture"),
        (b"crc" + bytes(range(8)) * 3, "events.dat", "neither Parquet nor text"),
        (b"\xff\xff\xff\xff\x78\x00", "events.arrow", "Arrow stream"),
        (b"events.csv".ljust(257, b"\x00") + b"ustar\x00", "events.tar", "tar archive"),
        (b'{"cells": [], "nbformat": 4}', "visits.ipynb", "it is a notebook"),
        (gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-20], "events.csv.gz", "cannot be unpacked"),
        (b"\x1f\x8bnothing", "events.csv.gz", "cannot be unpacked"),
        (b"PAR1 is not Parquet", "events.parquet", "Parquet file cannot be read"),
        (b"a,b\n1,2\n", "events.parquet", "neither Parquet nor text"),
        (b"hello\n---\nspark\n", "events.txt", "marks between batches"),
        (b'{"api": "x", "batches": []}', "scenario.json", "it is a scenario"),
        (b"[]", "events.json", "no rows"),
        (b"\xff\xfe\x00\xd8", "events.csv", "not valid utf-16 text"),
        (gzip.compress(gzip.compress(b"a,b\n1,2\n", mtime=0), mtime=0), "events.csv.gz", "gzip twice"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "events.csv.zst", "zstd"),
        (b"ARROW1\x00\x00", "events.feather", "Feather"),
        (b"<!DOCTYPE html><table>", "events.csv", "web page"),
        (b"crc\x00\x00\x00\x02\x00\x07", ".part-0.csv.crc", "neither Parquet nor text"),
    ],
)
def test_what_is_no_table_is_told_kindly(data, name, part):
    assert part in told(data, name)


def test_a_file_that_unpacks_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr("engine.events.upload.MAX_BYTES", 1000)

    assert "larger than" in told(gzip.compress(b"a,b\n" * 10_000), "bomb.csv.gz")
    assert "larger than" in told(b"a,b\n" * 10_000, "big.csv")


STARTS = [b"", b"PAR1", b"\x1f\x8b\x08\x00", b"[", b'{"a":', b"a,b\n", b'"', b"\xff\xfe", b"\xef\xbb\xbf", b"---\n"]


@given(
    st.sampled_from(STARTS),
    st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)),
    st.sampled_from(["x.csv", "x.json", "x.parquet", "x.txt", "x.gz", ""]),
)
def test_hostile_bytes_never_raise(start, rest, name):
    read = read_upload(start + rest, name)

    assert isinstance(read, Table) or read


LARGE = {
    "events.csv": b"word,n\n" + b"hello,1\n" * 25_000,
    "events.jsonl": b'{"word": "hello", "n": 1}\n' * 25_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_how_much_of_a_large_file_has_been_read_is_told(name):
    done = []
    table = read_upload(LARGE[name], name, done.append)

    assert len(table.rows) == 25_000
    assert len(done) >= 2
    assert done == sorted(done)
    assert 0 < done[0] < done[-1] <= 1


@pytest.mark.parametrize("name", LARGE)
def test_whoever_is_told_can_end_the_reading(name):
    class Enough(BaseException):
        pass

    done = []

    def enough(part):
        done.append(part)
        raise Enough

    with pytest.raises(Enough):
        read_upload(LARGE[name], name, enough)
    assert len(done) == 1


def test_excel_s_line_about_its_delimiter_is_no_pair():
    assert list(table_of("sep=;\nword;n\nhello;5\n", "events.csv").rows) == [{"word": "hello", "n": 5}]


@pytest.mark.parametrize(
    "text", ['{"word": "hello"}\n{"word": "spark"}\n', '[\n {"word": "hello"}, {"word": "spark"}]']
)
def test_json_that_is_named_csv_is_json(text):
    assert table_of(text, "events.csv").rows.column("word") == ["hello", "spark"]
