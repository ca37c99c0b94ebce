"""Lines of a log are events: their time, what they say, and the pairs in it."""

import pytest

from engine.events.text import read_text
from engine.events.upload import read_upload


def test_a_log_has_its_times_its_messages_and_the_pairs_in_them():
    read = read_text("2024-01-01 10:00:00,123 INFO user=ann n=5\n[2024-01-01T10:00:01Z] WARN it broke\n  at line 7\n")
    assert (read.notation, read.problems) == ("log", [])
    assert list(read.batches[0].rows) == [
        {"user": "ann", "n": 5, "timestamp": "2024-01-01T10:00:00.123", "message": "INFO user=ann n=5"},
        {"user": None, "n": None, "timestamp": "2024-01-01T10:00:01Z", "message": "WARN it broke\n  at line 7"},
    ]


def test_of_a_log_of_pairs_alone_nothing_else_is_a_message():
    rows = read_text('2024-01-01 10:00 user=ann, note="two words"\n').batches[0].rows
    assert list(rows) == [{"user": "ann", "note": "two words", "timestamp": "2024-01-01T10:00"}]


def test_a_line_of_another_batch_without_a_time_is_told():
    read = read_text("2024-01-01 10:00 hello\n---\nhello\n")
    assert [(problem.line, problem.what) for problem in read.problems] == [(3, "this line of a log has no time")]


@pytest.mark.parametrize(
    "text", ["2024-01-01 10:00 AM,ann,5\n2024-01-01 10:01 AM,bob,7\n", "2024-01-01 10:00 ,ann,5\n"]
)
def test_cells_that_begin_with_a_time_are_no_log(text):
    assert read_text(text).notation != "log"


def test_a_log_can_be_uploaded():
    table = read_upload(b"2024-01-01 10:00:00 INFO user=ann\n2024-01-01 10:00:01 WARN user=bob\n", "app.log")
    assert [field.type.name for field in table.schema] == ["string", "timestamp", "string"]
