"""Colours of the charts, light and dark. Lives here: which colour a meaning has; shapes and sizes do not.

The page's own colours are in .streamlit/config.toml; these go with them. Meanings take Okabe and Ito's colours, made
darker or lighter where a thin line would not stand out (3 to 1) from the page.
"""

from typing import Final, Literal

import msgspec
import streamlit as st

ThemeName = Literal["light", "dark"]


class Theme(msgspec.Struct, frozen=True):
    """`values` are the shades of a number, from the least to the most of a trace.

    A number is given as a part from 0 to 1; from `high_from` on, text on its shade is `text_on_high`.
    """

    page: str
    text: str
    faint_text: str
    grid: str
    band: str
    hatch: str
    values: tuple[str, ...]
    text_on_low: str
    text_on_high: str
    high_from: float
    no_value: str
    data_call: str
    timeout_call: str
    timeout: str
    problem: str
    problem_band: str
    watermark: str
    row: str
    dropped: str


THEMES: Final[dict[ThemeName, Theme]] = {
    "light": Theme(
        page="#ffffff",
        text="#1d2330",
        faint_text="#667084",
        grid="#e6e9ee",
        band="#f7f8fa",
        hatch="#d5dae2",
        values=("#d9e7f7", "#bfd7f1", "#a0c3e9", "#7eabde", "#5d92d1", "#3f76bd", "#275a9f"),
        text_on_low="#12233c",
        text_on_high="#ffffff",
        high_from=5 / 7,
        no_value="#8a93a3",
        data_call="#00875f",
        timeout_call="#d55e00",
        timeout="#b57600",
        problem="#c02638",
        problem_band="#fdeef0",
        watermark="#a8508a",
        row="#3b8fc4",
        dropped="#d55e00",
    ),
    "dark": Theme(
        page="#0f131a",
        text="#e4e8ef",
        faint_text="#97a1b3",
        grid="#232a36",
        band="#141923",
        hatch="#2e3644",
        values=("#1d344e", "#254665", "#2e5a82", "#3a70a2", "#4c8ac4", "#67a5dd", "#8dc1f0"),
        text_on_low="#f2f6fb",
        text_on_high="#07131f",
        high_from=4 / 7,
        no_value="#7d879a",
        data_call="#1fbf8f",
        timeout_call="#f0803c",
        timeout="#e6a72e",
        problem="#ff6b78",
        problem_band="#2a161c",
        watermark="#d98bbd",
        row="#56b4e9",
        dropped="#f0803c",
    ),
}


def theme_of_page() -> Theme:
    """The theme in which the visitor sees the page."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]
