"""What Kafka's console consumer prints, typed or as a file."""

import pytest

from engine.events.text import read_text
from engine.events.upload import read_upload


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('ann\t{"n": 5, "tags": ["x"]}', {"key": "ann", "n": 5, "tags": ["x"]}),
        ('null\t{"n": 5}', {"key": None, "n": 5}),
        ('CreateTime:1704103200000\tann\t{"n": 5}', {"timestamp": "2024-01-01T10:00:00", "key": "ann", "n": 5}),
        ('LogAppendTime:1704103200500\t{"n": 5}', {"timestamp": "2024-01-01T10:00:00.500000", "n": 5}),
        ("Partition:2\tOffset:7\tann\thello you", {"partition": 2, "offset": 7, "key": "ann", "value": "hello you"}),
        ('7\t{"key": 1}', {"kafka_key": "7", "key": 1}),
    ],
)
def test_a_message_is_an_event_with_the_fields_of_its_value(line, row):
    text = f"{line}\n---\n{line}\nProcessed a total of 2 messages"
    read = read_text(text)

    assert (read.notation, read.problems) == ("kafka", [])
    assert [list(batch.rows) for batch in read.batches] == [[row], [row]]
    assert read_upload(line.encode(), "messages.json").rows[0] == row


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ('ann\t{"n": 5}\nbob\t{"n": }', 2, 11, "expecting value"),
        ('ann\t{"n": 5} x', 1, 13, "ends before this"),
        ('ann\t{"n": 5}\nCreateTime:999999999999999\tbob\t{}', 2, 1, "not a time"),
    ],
)
def test_what_is_no_message_is_told_by_line_and_column(text, line, column, part):
    (problem,) = read_text(text).problems

    assert (problem.line, problem.column) == (line, column)
    assert part in problem.what
