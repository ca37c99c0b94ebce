"""The text editor in the browser (editor.js). Lives here: its registration and what it is given; what texts mean does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from engine.debugger import Action
from ui import store

_HERE: Final = Path(__file__).parent
_EDITOR: Final = st.components.v2.component(
    "stateline_editor",
    html=(_HERE / "editor.html").read_text(encoding="utf-8"),
    css=(_HERE / "editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "editor.js").read_text(encoding="utf-8"),
)


def editor(
    key: str,
    text: str,
    rev: int,
    on_text: Callable[[str], Action],
    *,
    label: str,
    placeholder: str,
    language: Literal["python", "events"],
    marks: list[dict[str, Any]],
    height_px: int,
) -> None:
    """Mount an editor. It takes `text` only when `rev` is new, so that nothing typed is ever overwritten.

    `on_text` makes the action from the text, sent when typing pauses. `marks` are `{"line", "text"}`, lines from 1.
    """
    data = {
        "session": store.session_id(),
        "value": text,
        "rev": rev,
        "label": label,
        "placeholder": placeholder,
        "language": language,
        "indents": language == "python",
        "marks": marks,
        "height": height_px,
    }
    _EDITOR(key=key, data=data, on_text_change=store.sends(lambda sent: on_text(sent[0]), key, "text"))
