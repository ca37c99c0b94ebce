"""Uploading events: the likely answers are already given, and what was there can be taken back."""

import gzip
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.page import opened, sent_to, session_of, settled, texts

CSV = "user,at,amount\nann,2024-01-01 10:00,1\nbob,2024-01-01 10:01,2\nann,2024-01-01 10:20,3\n"


def with_file(name: str, content: bytes) -> AppTest:
    """The page with the upload dialog open and a file in it."""
    page = opened()
    page.button(key="upload").click().run()
    page.file_uploader(key="events_file").upload(name, content)
    page.button(key="upload").click().run()
    assert not page.exception, page.exception
    return page


def used(page: AppTest) -> AppTest:
    return settled(page.button(key="use_events").click().run())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events.csv", CSV.encode()),
        ("events.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
        ("events.jsonl", b'{"user": "ann", "at": "2024-01-01 10:00"}\n{"user": "bob", "at": "2024-01-01 10:01"}\n'),
        ("events.json", json.dumps([{"user": "ann", "n": 1}, {"user": "bob", "n": 2}]).encode()),
    ],
)
def test_a_file_is_replayed_with_the_guesses_as_they_are(name: str, content: bytes) -> None:
    page = used(with_file(name, content))
    assert session_of(page).trace.ending == "completed"
    assert {call.key for call in session_of(page).trace.calls} == {("ann",), ("bob",)}


def test_parquet_is_replayed_too(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame({"user": ["ann", "bob"], "n": [1, 2]}).to_parquet(tmp_path / "events.parquet")
    page = used(with_file("events.parquet", (tmp_path / "events.parquet").read_bytes()))
    assert len(session_of(page).trace.calls) == 2


def test_the_event_time_becomes_the_watermark_and_the_key_the_key() -> None:
    made = session_of(used(with_file("events.csv", CSV.encode()))).draft.scenario
    assert (made.key, made.watermark.column) == ("user", "at")


def test_rows_become_batches_as_one_chooses() -> None:
    page = with_file("events.csv", CSV.encode())
    next(box for box in page.selectbox if box.label == "A batch").set_value("rows")
    page.button(key="upload").click().run()
    used(page)
    assert [len(batch.rows) for batch in session_of(page).draft.scenario.batches] == [1, 1, 1]


def test_cells_of_every_kind_are_shown_and_replayed() -> None:
    rows = [
        {"user": "ann", "n": 2**62, "x": 1e300, "tags": ["a", {"b": None}], "any": 1},
        {"user": "bob", "any": "<b>"},
    ]
    page = with_file("events.json", json.dumps(rows).encode())
    assert list(page.dataframe[0].value["any"]) == ["1", "<b>"]
    assert session_of(used(page)).trace.ending == "completed"


def test_an_upload_can_be_taken_back() -> None:
    page = used(with_file("events.csv", CSV.encode()))
    settled(page.button(key="undo").click().run())
    assert sent_to(page, "events")["value"] == "hello hello spark\n---\nhello\n--- +11 minutes"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("events.csv", b"", "it is empty"),
        ("events.parquet", b"PAR1 and nothing more", "parquet"),
        ("events.json", b'{"user": ', "line 1"),
        ("book.csv", b"PK\x03\x04\x00", "Save the sheet as CSV"),
        ("events.csv.gz", b"\x1f\x8b\x08\x00", "be unpacked"),
    ],
)
def test_a_file_that_holds_no_events_is_told_kindly(name: str, content: bytes, words: str) -> None:
    page = with_file(name, content)
    assert words.lower() in texts(page).lower()
    assert not [button for button in page.button if button.key == "use_events"]


def test_days_that_could_be_months_are_asked_and_stay_text_until_somebody_says_which() -> None:
    page = with_file("events.csv", b"user;paid;at\nann;12,50;1/2/2024 10:00\nbob;3;1/3/2024 11:00\n")
    asked = next(box for box in page.selectbox if box.label == "Times")
    assert "Times such as 1/2/2024 10:00 in at are" in texts(page)
    assert asked.value is None
    assert list(page.dataframe[0].value["at"]) == ["1/2/2024 10:00", "1/3/2024 11:00"]
    asked.set_value("day first")
    page.button(key="upload").click().run()
    rows = [row for batch in session_of(used(page)).draft.scenario.batches for row in batch.rows]
    assert rows[0] == {"user": "ann", "paid": 12.5, "at": "2024-02-01T10:00:00"}
    assert session_of(page).draft.scenario.watermark.column == "at"


def test_the_fields_of_a_kafka_message_are_columns_unless_somebody_wants_it_whole() -> None:
    row = {"key": "ann", "value": json.dumps({"amount": 5})}
    page = with_file("events.json", json.dumps(row).encode())
    assert list(page.dataframe[0].value) == ["key", "amount"]
    next(box for box in page.multiselect if box.label.startswith("Fields of these")).set_value([])
    page.button(key="upload").click().run()
    assert list(page.dataframe[0].value) == ["key", "value"]
