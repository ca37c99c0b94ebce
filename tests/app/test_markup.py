"""Text becomes HTML in one place, and comes out of it as the same text."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ui.markup import joined, table, tag


class Reader(HTMLParser):
    """What a browser would make of HTML: its tags, and its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, name, attributes):
        self.tags.append((name, *(f"{key}={value}" for key, value in attributes)))

    def handle_data(self, data):
        self.text += data


@given(st.text())
def test_any_text_stays_text(text):
    read = Reader(tag("div", tag("b", "key "), text, cls="si"))
    assert read.tags == [("div", "class=si"), ("b",)]
    assert read.text == f"key {text}"


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_names_and_cells_of_a_table_stay_text(texts):
    read = Reader(table(texts, [texts]))
    assert {name for name, *_ in read.tags} == {"table", "thead", "tbody", "tr", "th", "td"}
    assert read.text == "".join(texts) * 2


def test_text_is_escaped_once_and_markup_is_not_escaped_again():
    assert joined(("<", tag("i", "&"))) == "&lt;<i>&amp;</i>"
