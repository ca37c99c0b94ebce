"""JSON files in the shapes that programs write, pandas' among them."""

import json

import pandas as pd
import pytest

from engine.events.batching import Stream, to_batches
from engine.events.guess import guess
from engine.events.json_file import read_json
from engine.events.table import Table
from engine.model.schema import ddl_of

ROWS = [{"user": "ann", "n": 1}, {"user": "bob", "n": 2}]
FRAME = pd.DataFrame(ROWS)


def table_of(text):
    table = read_json(text)
    assert isinstance(table, Table), [str(problem) for problem in table]
    return table


def problems_of(text):
    read = read_json(text)
    return read.problems if isinstance(read, Table) else read


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "\n".join(map(json.dumps, ROWS)),
        "\n\n".join(json.dumps(row, indent=2) for row in ROWS) + "\n",
        json.dumps({"status": "ok", "count": 2, "data": ROWS}),
        FRAME.to_json(),
        FRAME.to_json(orient="records"),
        FRAME.to_json(orient="records", lines=True),
        json.dumps(FRAME.to_dict(orient="list")),
    ],
)
def test_rows_are_found_in_every_usual_shape(text):
    assert list(table_of(text).rows) == ROWS


def test_one_object_of_simple_values_is_one_row():
    assert list(table_of('{"user": "ann", "tags": ["x"]}').rows) == [{"user": "ann", "tags": ["x"]}]


def test_names_that_a_row_has_not_are_null_in_it():
    table = table_of('{"a": 1}\n{"b": "x"}\n{"a": 2, "c": {"d": [1.5]}}')

    assert list(table.rows) == [
        {"a": 1, "b": None, "c": None},
        {"a": None, "b": "x", "c": None},
        {"a": 2, "b": None, "c": {"d": [1.5]}},
    ]
    assert ddl_of(table.schema) == "a long, b string, c struct<d: array<double>>"


def test_nan_is_null_and_an_integer_too_large_for_a_long_is_text():
    assert list(table_of('[{"x": NaN, "n": 99999999999999999999}]').rows) == [{"x": None, "n": "99999999999999999999"}]


def test_a_broken_line_is_told_with_its_column_and_the_others_are_read():
    text = '{"a": 1}\n{"a": }\n{"a": 3}\n5\n{"a": 4'

    assert list(table_of(text).rows) == [{"a": 1}, {"a": 3}]
    assert [(problem.line, problem.column) for problem in problems_of(text)] == [(2, 7), (4, None), (5, 8)]


def test_a_list_that_was_cut_off_gives_its_whole_rows():
    assert list(table_of(json.dumps(ROWS)[:-10]).rows) == ROWS[:1]


def test_what_is_not_json_is_told():
    assert "not JSON" in problems_of("hello")[0].what
    assert "no rows" in problems_of("[]")[-1].what
    assert "nested too deep" in problems_of("[" * 100_000)[0].what


def test_reading_stops_after_many_broken_lines():
    assert len(problems_of('{"a": }\n' * 100_000)) <= 52


def test_a_file_of_rows_that_share_no_column_is_read_up_to_the_limit(monkeypatch):
    monkeypatch.setattr("engine.events.json_file.MAX_COLUMNS", 5)

    problems = problems_of("\n".join(f'{{"c{i}": 1}}' for i in range(100)))

    assert any("more cells or columns than can be read" in problem.what for problem in problems)


def test_values_that_are_no_objects_are_told_by_line_however_many_there_are():
    table = table_of('{"a": 1}\n' + "1\n" * 100_000 + '{"a": 2}\n')
    assert [problem.line for problem in table.problems[:3]] == [2, 3, 4]
    assert table.rows.column("a") == [1, 2]


def test_a_column_of_values_without_a_common_type_is_text_as_sparks_json_source_reads_it():
    text = '{"a": 1, "id": 18446744073709551615}\n{"a": "x", "id": 7}\n{"a": {"b": null}}\n{"a": [true]}'
    table = table_of(text)

    assert table.rows.column("a") == ["1", "x", '{"b": null}', "[true]"]
    assert table.rows.column("id") == ["18446744073709551615", "7", None, None]
    assert isinstance(to_batches(table, guess(table)), Stream)


@pytest.mark.parametrize(
    "text",
    [
        '[["user", "n"], ["ann", 1], ["bob", 2]]',
        "[{'user': 'ann', 'n': 1,}, {'user': 'bob', 'n': 2}]",
        '// exported\n{"user": "ann", "n": 1} // first\n/* and */ {"user": "bob", "n": 2}',
        FRAME.to_json(orient="index"),
        FRAME.to_json(orient="split"),
        json.dumps({"took": 5, "found": {"total": 2, "hits": ROWS}}),
    ],
)
def test_other_shapes_that_programs_write_are_read_too(text):
    assert list(table_of(text).rows) == ROWS


def test_rows_without_names_are_named_by_place_and_texts_alone_are_words():
    assert table_of('["ann", 1]\n["bob", 2]').rows[1] == {"_1": "bob", "_2": 2}
    assert list(table_of('["hello", "spark"]').rows) == [{"word": "hello"}, {"word": "spark"}]


def test_an_object_of_alike_objects_has_a_row_for_each_name():
    assert table_of('{"u1": {"n": 1}, "u2": {"n": 2, "at": "x"}}').rows[1] == {"key": "u2", "n": 2, "at": "x"}


def test_what_is_left_out_beside_a_list_is_told():
    (note,) = table_of(json.dumps({"page": 1, "events": ROWS})).problems

    assert "those of 'events'" in note.what


def test_thousands_of_lines_that_python_printed_are_read_in_one_go():
    assert len(table_of("\n".join(f"{{'user': 'ann', 'n': {n}}}" for n in range(5_000))).rows) == 5_000


def test_an_object_that_does_not_end_on_its_line_is_told_there_and_takes_no_other_with_it():
    read = read_json('{"word": "a"}\n{"word":\n{"word": "b"}\n{"word": "c')
    assert isinstance(read, Table)
    assert read.rows.column("word") == ["a", "b"]
    assert [(problem.line, problem.what) for problem in read.problems] == [
        (2, "the object on this line has no end"),
        (4, "this is not JSON: the text that begins here never ends"),
    ]
