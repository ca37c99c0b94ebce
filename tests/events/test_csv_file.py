"""CSV files as newcomers have them: exported by all kinds of programs."""

import pytest

from engine.events.csv_file import read_csv
from engine.events.table import Table
from engine.model.schema import ddl_of


def table_of(text):
    table = read_csv(text)
    assert isinstance(table, Table), [str(problem) for problem in table]
    return table


def told(text):
    read = read_csv(text)
    problems = read.problems if isinstance(read, Table) else read
    return [(problem.line, problem.what) for problem in problems]


def test_columns_get_the_types_of_their_values():
    table = table_of("at,user,n,price,ok,zip\n2024-01-01 10:00:00,ann,1,1.5,true,007\n,bob,,NA,false,8001\n")

    assert ddl_of(table.schema) == "at timestamp, user string, n long, price double, ok boolean, zip string"
    assert list(table.rows) == [
        {"at": "2024-01-01 10:00:00", "user": "ann", "n": 1, "price": 1.5, "ok": True, "zip": "007"},
        {"at": None, "user": "bob", "n": None, "price": None, "ok": False, "zip": "8001"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    lines = [["name", "note"], ["ann", '"a, b; c"'], ["bob", '"two\nlines"'], ["", ""]]
    table = table_of("\n".join(delimiter.join(line) for line in lines))

    assert list(table.rows) == [
        {"name": "ann", "note": "a, b; c"},
        {"name": "bob", "note": "two\nlines"},
        {"name": None, "note": None},
    ]


def test_the_delimiter_is_the_one_that_makes_most_cells():
    assert table_of("user,n,in|out\nann,1,2|3\nbob,4,5|6\n").names == ("user", "n", "in|out")


def test_decimal_commas_stay_text_between_semicolons():
    assert list(table_of("name;price\nann;1,5\n").rows) == [{"name": "ann", "price": "1,5"}]


def test_one_column_is_enough():
    assert list(table_of("word\nhello, you\n\nspark\n").rows) == [{"word": "hello, you"}, {"word": "spark"}]


def test_a_header_of_more_columns_than_can_be_read_is_told_before_each_gets_a_name():
    """To find a free name for each of a million equal ones would take days."""
    header = ",".join(["name"] * 1_000_000)
    assert told(header + "\n" + header) == [(None, "it has 1,000,000 columns; at most 2,000 can be read")]


def test_five_hundred_columns_are_read():
    names = [f"c{i}" for i in range(500)]
    table = table_of(",".join(names) + "\n" + ",".join(map(str, range(500))) + "\n")

    assert table.rows[0] == {name: i for i, name in enumerate(names)}


def test_a_file_without_a_header_gets_column_numbers_and_says_so():
    table = table_of("ann,5\nbob,6\n")

    assert list(table.rows) == [{"column_1": "ann", "column_2": 5}, {"column_1": "bob", "column_2": 6}]
    assert "this line holds values" in table.problems[0].what


def test_names_that_stand_twice_or_are_empty_get_a_number_and_say_so():
    table = table_of(" id ,ID,,id_2\na,b,c,d\n")

    assert table.names == ("id", "ID_3", "column_3", "id_2")
    assert [problem.line for problem in table.problems] == [1, 1]


def test_a_name_that_stands_three_times_gets_two_numbers():
    assert table_of("a,a,a\n1,2,3\n").names == ("a", "a_2", "a_3")


def test_rows_of_the_wrong_width_are_told_and_the_others_read():
    text = "a,b\n1,2\n3\n4,5,6\n7,8,,\n9,10\n"

    assert [tuple(row) for row in table_of(text).rows.tuples()] == [(1, 2), (3, None), (7, 8), (9, 10)]
    assert told(text) == [
        (3, "this row has 1 cells and the header 2; the missing ones are NULL"),
        (4, "this row has 3 cells and the header 2; it is left out"),
    ]


def test_a_quotation_mark_that_never_closes_is_told_where_it_begins():
    line, what = told('a,b\n1,2\n3,"4\n5,6\n')[0]

    assert line == 3
    assert "begins here" in what


def test_equal_words_are_one_object_in_memory():
    words = table_of("word,n\n" + "hello,1\n" * 3).rows.column("word")

    assert words[0] is words[2]


def test_a_file_with_more_rows_than_can_be_held_is_read_up_to_there(monkeypatch):
    monkeypatch.setattr("engine.events.csv_file.MAX_CELLS", 6)

    table = table_of("a,b\n" + "1,2\n" * 5)

    assert len(table.rows) == 3
    assert "only the 3 rows" in table.problems[0].what


def test_a_cell_of_a_megabyte_is_a_cell():
    table = table_of("user,page\nann," + "x" * 1_000_000 + "\nbob,y\n")

    assert table.names == ("user", "page")
    assert len(table.rows.column("page")[0]) == 1_000_000


def test_quotation_marks_as_spark_writes_them_and_as_others_do_are_read():
    rows = ['"say \\"hi\\", ok"', '"say ""hi"", ok"', "C:\\dir"]

    assert table_of("note,n\n" + "".join(f"{row},1\n" for row in rows)).rows.column("note") == [
        'say "hi", ok',
        'say "hi", ok',
        "C:\\dir",
    ]


def test_excels_line_about_the_delimiter_is_none_of_the_rows():
    table = table_of("sep=;\nuser;a,b\nann;1,2\n")

    assert list(table.rows) == [{"user": "ann", "a,b": "1,2"}]
    assert told("sep=;\na;b\n1;2;3\n")[0][0] == 3


def test_files_that_were_put_behind_one_another_have_one_header():
    text = "user,n\nann,1\nuser,n\nbob,2\n"

    assert list(table_of(text).rows) == [{"user": "ann", "n": 1}, {"user": "bob", "n": 2}]
    assert "repeated once" in told(text)[0][1]
    assert table_of("word\nhello\nword\n").rows.column("word") == ["hello", "word"]


def test_columns_without_a_name_and_a_value_are_no_columns():
    table = table_of("user,n,,\nann,1,,\n,,,x\n")

    assert table.names == ("user", "n", "column_3")
    assert table_of("user,n,,\nann,1,,\n").names == ("user", "n")


@pytest.mark.parametrize(
    ("above", "notes"),
    [
        ("# exported on Monday\n# by shop\n", []),
        ("#\n\n", []),
        ("Orders of March\n\n", [(1, "this line is above the table, and is left out")]),
        ("Orders\nall shops\n", [(1, "2 lines from here on are above the table, and are left out")]),
    ],
)
def test_what_stands_above_the_header_is_left_out(above, notes):
    text = f"{above}user,n\nann,5\nbob,7\n"
    assert list(table_of(text).rows) == [{"user": "ann", "n": 5}, {"user": "bob", "n": 7}]
    assert told(text) == notes


def test_below_a_title_numbers_and_times_may_be_those_of_a_country():
    text = "Umsätze\n\nTag;Betrag\n01.02.2024;3,50 €\n02.02.2024;5,00 €\n"
    assert table_of(text).names == ("Tag", "Betrag")


def test_a_title_is_taken_for_one_above_names_and_values_only():
    assert table_of("comment\nhello, you\nwell, me\n").names == ("comment",)


def test_a_comment_among_the_rows_is_passed_over_and_the_sign_of_one_is_no_part_of_a_name():
    assert list(table_of("#user,n\nann,5\n# the second day\n#bob,7\n").rows) == [
        {"user": "ann", "n": 5},
        {"user": "#bob", "n": 7},
    ]


def test_lines_of_a_log_are_events_of_one_column_as_in_spark_s_text_source():
    text = '10.0.0.1 - - "GET / HTTP/1.1" 200\n10.0.0.2 - - "GET /a HTTP/1.1" 404\n'
    assert table_of(text).rows.column("value") == text.splitlines()
    assert told(text) == [(1, "nothing in this line separates cells, so each line is an event, in the column value")]


@pytest.mark.parametrize("broken", ['ann,"5', 'ann,"5\nann,"6'])
def test_a_quotation_mark_that_is_never_closed_takes_no_other_row_with_it(broken):
    text = f"user,n\n{broken}\nbob,7\ncat,8\n"
    assert table_of(text).rows.column("user")[-2:] == ["bob", "cat"]
    assert told(text)[0][0] == 2


def test_of_many_such_rows_the_first_are_told_and_the_text_is_not_read_over_and_over():
    read = read_csv("user,n\n" + 'ann,"5\n' * 20_001)
    assert isinstance(read, list)
