"""What a stranger wrote is plain text in every panel, and nothing in it is hidden."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from engine import share_encode
from tests.app.page import opened, sent_to, settled
from tests.app.test_upload import with_file
from tests.hostile_text import MARKDOWN, SCENARIO, TEXT, hides_something

#: What Streamlit reads as Markdown wherever it has a text; `text`, `code` and tables it does not.
_READ_AS_MARKDOWN = ("markdown", "caption", "error", "warning", "info", "success", "button", "toggle", "badge", "title")
_REFUSED = {
    "no such key": {"key": "\u202enone"},
    "a key without a name": {"key": TEXT + "\x07"},
    "an output mode": {"output_mode": TEXT},
    "an entry": {"entry": TEXT},
    "an input schema": {"input_schema": "\u202ea nothing"},
    "a line of code": {"code": "def updateState(key, values, state):\n    \u202e = 1\n"},
}


def plain_texts(page: AppTest) -> Iterator[str]:
    for kind in ("text", "code", "caption", "markdown"):
        yield from (element.value for element in page.get(kind))


def options(page: AppTest) -> Iterator[str]:
    for kind in ("selectbox", "multiselect"):
        yield from (option for control in page.get(kind) for option in control.options)


def assert_plain(page: AppTest) -> None:
    assert not page.exception
    for kind in _READ_AS_MARKDOWN:
        assert not [element for element in page.get(kind) if "evil.example" in (_label(element))]
    for kind in ("selectbox", "multiselect", "text_input"):  # what is chosen in them is text, their labels are Markdown
        assert not [element for element in page.get(kind) if "evil.example" in element.label]
    hidden = [text for text in (*plain_texts(page), *options(page)) if hides_something(text)]
    assert not hidden


def _label(element: Any) -> str:
    return str(getattr(element, "value", "")) + str(getattr(element, "label", ""))


def test_title_and_description_of_a_link_are_shown_whole() -> None:
    page = opened(s=share_encode(SCENARIO, 0))
    assert_plain(page)
    shown = [element.value for element in page.get("text") if MARKDOWN in element.value]
    assert len(shown) == 2
    assert all("\\u202eabc\\u2066\\x1b[2J" in text for text in shown)


@pytest.mark.parametrize("changes", _REFUSED.values(), ids=_REFUSED)
def test_what_keeps_a_link_from_being_replayed_hides_nothing(changes: dict[str, Any]) -> None:
    assert_plain(opened(s=share_encode(msgspec.structs.replace(SCENARIO, **changes), 0)))


@pytest.mark.parametrize("tab", ["Output", "Calls", "Findings", "Why", "What if"])
def test_every_tab_hides_nothing(tab: str) -> None:
    page = opened(s=share_encode(SCENARIO, 2))
    page.session_state["below"] = tab
    assert_plain(settled(page.run()))
    for table in page.dataframe:
        cells = [cell for name in table.value.columns for cell in table.value[name] if isinstance(cell, str)]
        assert not [text for text in (*map(str, table.value.columns), *cells) if hides_something(text)]


def test_what_is_marked_in_the_editors_hides_nothing() -> None:
    for changes in ({"code": "def updateState(key, values, state):\n    raise ValueError(key)\n"}, {}):
        page = opened(s=share_encode(msgspec.structs.replace(SCENARIO, **changes), 2))
        told = [mark["message"] for mark in sent_to(page, "code")["marks"]["problems"]]
        assert told
        assert not [text for text in told if hides_something(text)]


def test_an_uploaded_file_is_looked_at_as_text() -> None:
    page = with_file("events.csv", f'"{TEXT}",b\n"{TEXT}",1\n'.encode())
    assert_plain(page)
    (table,) = page.dataframe
    assert not [name for name in table.value.columns if hides_something(name)]
    assert not hides_something(str(table.value.iloc[0, 0]))


def test_what_local_numbers_and_times_mean_is_asked_as_text() -> None:
    content = f'"{MARKDOWN}";at\n12,50;1/2/2024 10:00\n3;1/3/2024 11:00\n'
    page = with_file("events.csv", content.encode())
    assert "Times" in [box.label for box in page.selectbox]
    assert_plain(page)


def test_a_function_that_could_be_used_is_called_by_its_name_as_text() -> None:
    code = "".join(
        f"def {name}(key, pdfs, state):\n    yield pd.DataFrame()\n{name}.__name__ = {MARKDOWN!r} + {name!r}\n"
        for name in ("first", "second")
    )
    page = opened(s=share_encode(msgspec.structs.replace(SCENARIO, code=code), 0))
    assert page.button(key="use_job").label == "Use this function"
    assert_plain(page)


def test_a_link_that_is_none_is_told_as_text() -> None:
    assert_plain(opened(s=TEXT))
