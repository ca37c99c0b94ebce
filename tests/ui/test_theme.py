"""The colours of the charts can be told from what lies behind them, in both themes."""

import pytest

from ui.theme import THEMES, Theme

#: WCAG 2.2: 1.4.3 for text, 1.4.11 for shapes that mean something.
TEXT, SHAPE = 4.5, 3.0


def luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


def test_words_can_be_read_on_the_page_and_on_its_bands(theme: Theme) -> None:
    for ground in (theme.page, theme.band):
        assert contrast(theme.text, ground) >= TEXT
        assert contrast(theme.faint_text, ground) >= TEXT
    assert contrast(theme.problem, theme.problem_band) >= TEXT


def test_a_value_can_be_read_on_each_of_its_shades(theme: Theme) -> None:
    count = len(theme.values)
    for place, shade in enumerate(theme.values):
        lightest = place / count
        words = theme.text_on_high if lightest >= theme.high_from - 1e-9 else theme.text_on_low
        assert contrast(words, shade) >= TEXT, (place, shade)


def test_every_mark_stands_out_from_the_page(theme: Theme) -> None:
    for mark in ("data_call", "timeout_call", "timeout", "problem", "watermark", "row", "dropped", "no_value"):
        assert contrast(getattr(theme, mark), theme.page) >= SHAPE, mark
