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
