"""What a typed stream says in another way than people may mean it is told, and read as it stands all the same."""

import pytest

from engine.events.notes import notes_on
from engine.events.text import read_text


def told(text):
    return [str(note) for note in notes_on(read_text(text).batches)]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "user=ann amount=12,50\n---\nuser=bob amount=1.200,00",
            "column amount: 12,50 is read as text here, not as a number. Write 12.5 if it is meant as one",
        ),
        (
            "user;amount\nann;$1,200.00\nbob;$3.00",
            "column amount: $1,200.00 is read as text here, not as a number. Write 1200.0",
        ),
        ("user=ann n=1,234", "column n: 1,234 is read as text here, not as a number. Write 1.234 or 1234 if"),
        (
            "user,at\nann,1/13/2024 5:06 PM",
            "column at: 1/13/2024 5:06 PM is read as text here, not as a time. Write 2024-01-13T17:06:00",
        ),
        ("10:00 hello\n10:05 spark", "words: 10:00 is read as a word here: it is an event itself. To set the clock"),
    ],
)
def test_what_is_a_number_or_a_time_elsewhere_is_told_to_be_text(text, note):
    (found,) = told(text)
    assert found.startswith(note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello hello spark",
        "user=ann amount=12.5 at=2024-01-01T10:00:00",
        "user,at,n\nann,2024-01-01 10:00,5\n---\nbob,,",
        '{"user": "ann", "items": ["1,5"], "zip": "007", "n": 5}',
        "user,ip\nann,10.100.200.250\nbob,10.0.0.1",
    ],
)
def test_all_else_has_no_note(text):
    assert told(text) == []


def test_columns_of_one_kind_are_told_together():
    assert told("a=1,5 b=2,5")[0].startswith("column a, b: 1,5 is read as text here")
