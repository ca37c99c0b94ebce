"""The notation in which people type a stream, read as a newcomer would write it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.text import EventText, read_text
from engine.model.problems import Problem

MINUTE_MS = 60_000


def rows_of(text: str) -> list[list[dict[str, Any]]]:
    return [list(batch.rows) for batch in _read(text).batches]


def clocks_of(text: str) -> list[int]:
    return [batch.processing_time_ms for batch in _read(text).batches]


def problem_of(text: str) -> Problem:
    (problem,) = read_text(text).problems
    return problem


def at(iso: str) -> int:
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


def _read(text: str) -> EventText:
    read = read_text(text)
    assert read.problems == []
    return read


def words(*values: object) -> list[dict[str, object]]:
    return [{"word": value} for value in values]


def test_the_tutorial_is_three_batches_the_last_without_events() -> None:
    text = "hello hello spark\n---\nhello\n--- +11 minutes"

    assert rows_of(text) == [words("hello", "hello", "spark"), words("hello"), []]
    assert clocks_of(text) == [0, MINUTE_MS, 12 * MINUTE_MS]


@pytest.mark.parametrize(
    "text",
    [
        "hello hello spark",
        "hello\nhello\nspark\n",
        "  hello,hello, spark  ",
        "\"hello\" 'hello' spark",
        "hello\r\nhello\rspark",
    ],
)
def test_words_stand_on_one_line_or_on_many(text: str) -> None:
    assert rows_of(text) == [words("hello", "hello", "spark")]


def test_words_with_commas_on_many_lines_are_words_and_no_csv() -> None:
    assert rows_of("apple, pear\napple, cherry") == [words("apple", "pear", "apple", "cherry")]


def test_a_word_with_spaces_stands_in_quotation_marks() -> None:
    assert rows_of(r""""New York" 'San José' "say \"hi\"\n" don't""") == [
        words("New York", "San José", 'say "hi"\n', "don't")
    ]


def test_pairs_are_one_event_a_line() -> None:
    text = 'user=ann amount=5 note="two words"\nuser=bob, amount=7.5, note=null,'

    assert rows_of(text) == [
        [{"user": "ann", "amount": 5, "note": "two words"}, {"user": "bob", "amount": 7.5, "note": None}]
    ]


def test_a_line_of_a_comma_is_no_event() -> None:
    read = _read("a=1\n,\na=2")
    assert (list(read.batches[0].rows), read.row_lines) == ([{"a": 1}, {"a": 2}], [[1, 3]])


def test_a_value_in_quotation_marks_is_text_and_makes_its_column_text() -> None:
    assert rows_of('zip="8001" n=1\nzip=8002 n=2\nzip="" n=') == [
        [{"zip": "8001", "n": 1}, {"zip": "8002", "n": 2}, {"zip": "", "n": None}]
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_a_header_is_found_by_itself(delimiter: str) -> None:
    lines = [["word", "amount"], ["hello", "5"], ["---"], ["word", "amount"], ["spark", ""]]
    text = "\n".join(delimiter.join(line) for line in lines)

    assert rows_of(text) == [[{"word": "hello", "amount": 5}], [{"word": "spark", "amount": None}]]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Größe;Preis €\n1;2", {"Größe": 1, "Preis €": 2}),
        (",user,amount\n0,ann,5", {"column_1": 0, "user": "ann", "amount": 5}),
        ("a,b,\n1,2,", {"a": 1, "b": 2, "column_3": None}),
        ("ann,5\nann,5", {"column_1": "ann", "column_2": 5}),
    ],
)
def test_headers_with_odd_or_missing_names_and_none_at_all_make_csv_too(text: str, row: dict[str, Any]) -> None:
    assert rows_of(text)[0][0] == row


def test_the_fences_of_a_pasted_text_are_passed_over() -> None:
    assert rows_of("```events\nhello\n---\nspark\n```") == [words("hello"), words("spark")]


def test_a_cell_with_a_comma_stands_in_quotation_marks() -> None:
    assert rows_of('city,n\n"Paris, France", 1\n"the ""big"" one",2') == [
        [{"city": "Paris, France", "n": 1}, {"city": 'the "big" one', "n": 2}]
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"a": 2, "b": [true, null]}',
        '[{"a": 1}, {"a": 2, "b": [true, null]}]',
        '[\n{"a": 1},\n{"a": 2, "b": [true, null]}\n]',
        '[\n  {\n    "a": 1\n  },\n  {\n    "a": 2,\n    "b": [\n      true, null\n    ]\n  }\n]',
    ],
)
def test_json_is_read_line_by_line_as_a_list_and_indented(text: str) -> None:
    assert rows_of(text) == [[{"a": 1, "b": None}, {"a": 2, "b": [True, None]}]]


def test_an_object_over_several_lines_may_hold_others_that_begin_a_line() -> None:
    assert rows_of('{"a": [\n  {"b": 1},\n  {"b": 2}\n]}\n{"a": []}') == [[{"a": [{"b": 1}, {"b": 2}]}, {"a": []}]]


@pytest.mark.parametrize("text", ["[INFO] started", "[12] started", "(hello) spark", "a = b"])
def test_lines_in_brackets_without_a_time_are_words(text: str) -> None:
    assert read_text(text).notation == "words"


@pytest.mark.parametrize(
    "text",
    [
        "[{'user': 'ann', 'n': 5, 'ok': True}, {'user': \"b'ob\", 'n': None, 'ok': False,},]",
        "data = [\n    {'user': 'ann', 'n': 5, 'ok': True},  # the first\n    {'user': 'b\\'ob', 'n': None, 'ok': False},\n]",
        "[Row(user='ann', n=5, ok=True), Row(user=\"b'ob\", n=None, ok=False)]",
        "Row(user='ann', n=5, ok=True)\nRow(user=\"b'ob\", n=nan, ok=False)",
        '// two\n{"user": "ann", "n": 5, "ok": true}, // one\n{"user": "b\'ob", /* none */ "n": NaN, "ok": false}',
        "{“user”: “ann”, “n”: 5, “ok”: true}\n{“user”: “b'ob”, “n”: null, “ok”: false}",
    ],
)
def test_what_python_prints_and_json_with_comments_are_read_as_meant(text: str) -> None:
    assert rows_of(text) == [[{"user": "ann", "n": 5, "ok": True}, {"user": "b'ob", "n": None, "ok": False}]]


@pytest.mark.parametrize(
    "text",
    [
        '[("ann", 5), ("bob", 6)]',
        'rows = [\n  ("ann", 5),\n  ("bob", 6),\n]',
        "('ann', 5)\n('bob', 6)",
        '["ann", 5]\n["bob", 6]',
    ],
)
def test_tuples_are_rows_whose_columns_have_sparks_names(text: str) -> None:
    assert rows_of(text) == [[{"_1": "ann", "_2": 5}, {"_1": "bob", "_2": 6}]]


def test_a_list_of_texts_is_a_list_of_words() -> None:
    assert rows_of('["hello", "hello", \'spark\']') == [words("hello", "hello", "spark")]


def test_times_and_decimals_are_read_as_python_shows_them() -> None:
    text = "[Row(at=datetime.datetime(2024, 1, 1, 10, 5), on=datetime.date(2024, 1, 2), price=Decimal('1.50'))]"
    assert rows_of(text) == [[{"at": "2024-01-01T10:05:00", "on": "2024-01-02", "price": "1.50"}]]


def test_empty_lines_and_comments_are_passed_over() -> None:
    assert rows_of("# a comment\n\n  # another\nhello\n\n--- # ends the batch\nspark") == [
        words("hello"),
        words("spark"),
    ]


def test_a_mark_before_any_event_sets_the_first_clock() -> None:
    assert clocks_of("--- 2024-01-01 10:00\nhello\n---\nhello") == [at("2024-01-01 10:00"), at("2024-01-01 10:01")]


@pytest.mark.parametrize(
    ("mark", "clock"),
    [
        ("--- +10 minutes", "2024-01-01 10:10"),
        ("--- 10 minutes", "2024-01-01 10:10"),
        ("--- interval 1 day 2 hours", "2024-01-02 12:00"),
        ("--- 1.5 seconds", "2024-01-01 10:00:01.500"),
        ("--- 10:12", "2024-01-01 10:12"),
        ("--- 10:12:30.250", "2024-01-01 10:12:30.250"),
        ("--- 2024-01-02", "2024-01-02"),
        ("--- 2024-01-01T13:12+02:00", "2024-01-01 11:12"),
        ("--- +0 seconds", "2024-01-01 10:00"),
        ("------", "2024-01-01 10:01"),
        ("---+10 minutes# quiet", "2024-01-01 10:01"),
        ("--- +10min", "2024-01-01 10:10"),
        ("--- + 1h30m", "2024-01-01 11:30"),
        ("--- 90s", "2024-01-01 10:01:30"),
        ("--- +10 minutes ---", "2024-01-01 10:10"),
        ("--- batch 2: +2 d", "2024-01-03 10:00"),
        ("— +5 m", "2024-01-01 10:05"),
        ("———", "2024-01-01 10:01"),
    ],
)
def test_a_mark_moves_the_clock_of_the_next_batch(mark: str, clock: str) -> None:
    read = read_text(f"--- 2024-01-01 10:00\nhello\n{mark}\nhello")

    assert read.batches[1].processing_time_ms == at(clock)


def test_a_time_of_day_is_on_the_day_of_the_batch_before() -> None:
    assert clocks_of("--- 2024-02-28 9:30\na\n--- +1 day\nb\n--- 10:12\nc")[2] == at("2024-02-29 10:12")


def test_an_empty_section_between_marks_is_a_trigger_without_data() -> None:
    assert rows_of("hello\n---\n---\nspark") == [words("hello"), [], words("spark")]
    assert rows_of("---\n---\nspark") == [[], words("spark")]


def test_a_bare_mark_at_the_end_only_ends_the_batch() -> None:
    assert rows_of("hello\n---\n") == [words("hello")]
    assert rows_of("---") == rows_of("") == []


def test_the_clock_stands_still_at_the_end_of_time() -> None:
    assert clocks_of(f"--- +{2**63 - 1} milliseconds\na\n---\nb") == [2**63 - 1, 2**63 - 1]


def test_a_restart_is_a_mark_with_or_without_a_clock() -> None:
    read = _read("a\n--- restart\nb\n--- +5 minutes restart\nc\n--- restart")

    assert read.restart_before == [1, 2, 3]
    assert [batch.processing_time_ms // MINUTE_MS for batch in read.batches] == [0, 1, 6, 7]


def test_every_row_knows_its_line() -> None:
    assert _read("# words\na b\n---\n\nc").row_lines == [[2, 2], [5]]
    assert _read('{"a":\n1}\n{"a": 2}').row_lines == [[1, 3]]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("hello\n--- 2024-13-01", 2, 5, "month must be in 1..12"),
        ("hello\n--- soon", 2, 5, "'soon' is neither"),
        ("hello\n---  +10 parsecs\nx", 2, 6, "'+10 parsecs'"),
        ("--- 10:00\na\n--- 9:59\nb", 3, 5, "go back by 1 minute"),
        ("a\n--- -5 minutes", 2, 5, "go back by 5 minutes"),
        ("a\n--- +99999999999999999999 milliseconds", 2, 5, "too far away"),
        ("a\nb c=d", 2, 3, "'c=' begins a pair"),
        ('a\n {"word": "b"}', 2, 2, "this line is JSON"),
        ("a=1\nb", 2, 1, "'b' is not a name=value pair"),
        ("a=1 a=2", 1, 5, "'a' appears twice"),
        ('a="b', 1, 3, "never closed"),
        ('a "b"c', 1, 3, "never closed"),
        ("a,b\n1,2,3", 2, 5, "cell 3"),
        ("a,b\n1,2\n7", 3, 2, "1 of the 2 cells"),
        ("a,b\na=1,b=2", 2, 1, "pairs"),
        ('a,b\n1,"2', 2, 3, "never closed"),
        ('{"a": 1}\n{"a": 1', 2, 8, "',' delimiter"),
        ('{"a": 1}\n{"a": }\n', 2, 7, "expecting value"),
        ('{\n  "a": 1,\n  b: 2\n}\n{"a": 2}', 3, 3, "property name"),
        ('{"a": 1} x', 1, 9, "end of the line"),
        ('{"a": 1}\nhello', 2, 1, "expecting value"),
        ('{"a": 1}\n[5]', 2, 1, "5 is not an object"),
        ("{}", 1, 1, "{} is not an object"),
        ("a\n===\nb", 2, 1, "neither a mark nor a word"),
        ("a\n--\nb", 2, 1, "neither a mark nor a word"),
        ("a\n+10 min\nb", 2, 1, "neither a mark nor a word"),
        ("[('ann', 5), ('bob' 6)]", 1, 21, "',' delimiter"),
        ("{'a': 1}\n{'a': f(1, 2)}", 2, 7, "expecting value"),
        ("('a', 1)\n{'a': 1}", 2, 1, "is not an object with columns"),
        ("a,a\n1,2", 1, 3, "names two columns"),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_column(text: str, line: int, column: int, part: str) -> None:
    problem = problem_of(text)

    assert (problem.line, problem.column) == (line, column)
    assert part in problem.what
    assert problem.mend


def test_good_lines_around_a_bad_one_are_still_read() -> None:
    read = read_text("a=1\nb\na=2\n--- soon\na=3")

    assert [list(batch.rows) for batch in read.batches] == [[{"a": 1}, {"a": 2}], [{"a": 3}]]
    assert [problem.line for problem in read.problems] == [2, 4]


def test_a_file_full_of_errors_tells_the_first_and_counts_the_rest() -> None:
    problems = read_text("a=1\n" + "b\n" * 1000).problems

    assert [problem.line for problem in problems[:3]] == [2, 3, 4]
    assert problems[-1].what == "there are 950 more problems"


def test_json_nested_too_deep_is_a_problem() -> None:
    assert "nested too deep" in problem_of('{"a":' + "[" * 100_000).what


@pytest.mark.parametrize(
    "text",
    [
        "ok=1\n---\n" + "\n".join(f"a{i}=1" for i in range(2_000)),
        ",".join(f"a{i}" for i in range(2_001)) + "\n" + ",".join("1" * 2_001),
        "\n".join(f'{{"a{i}": 1}}' for i in range(2_001)),
    ],
)
def test_events_with_more_columns_than_can_be_read_are_a_problem_and_not_an_enormous_table(text: str) -> None:
    read = read_text(text)

    assert not any(batch.rows for batch in read.batches)
    assert [problem.what for problem in read.problems] == [
        "together the events have 2,001 columns; at most 2,000 can be read"
    ]


@pytest.mark.parametrize("head", ["--- ", "--- 2024-", "a=1\n", "a,b\n1,2\n", "a\n", "a=", '{"a": 1}\n'])
def test_a_message_is_short_however_long_the_line(head: str) -> None:
    for problem in read_text(head + "x=" * 100_000).problems:
        assert len(str(problem)) < 400


LINES = st.sampled_from(
    [
        "hello spark",
        "a=1 b=2",
        "a,b",
        "1,2",
        '{"a": 1}',
        '{"a":',
        "[",
        "]",
        "[('a', 1),",
        "Row(a=",
        "|a|b|",
        "---",
        "--- +1 minute",
        "--- x",
        "# c",
        '"',
        "'",
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=12)), max_size=12).map("\n".join))
def test_reading_never_raises_and_accounts_for_every_line(text: str) -> None:
    read = read_text(text)

    assert [len(lines) for lines in read.row_lines] == [len(batch.rows) for batch in read.batches]
    clocks = [batch.processing_time_ms for batch in read.batches]
    assert clocks == sorted(clocks)
