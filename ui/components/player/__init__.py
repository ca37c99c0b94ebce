"""The player in the browser (player.js). Lives here: its registration and what it is given; what a step means does not."""

from pathlib import Path
from typing import Any, Final

import streamlit as st

from ui import store
from ui.components.mounted import numbered, script

_HERE: Final = Path(__file__).parent
_PLAYER: Final = st.components.v2.component(
    "stateline_player",
    html=(_HERE / "player.html").read_text(encoding="utf-8"),
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js=script(_HERE / "player.js"),
)


def player(key: str, data: dict[str, Any], on_step: store.MakeAction, on_jump: store.MakeAction) -> None:
    """Mount the player; `on_step` makes the action from `[step, rev]`, which the browser sends some times a second,
    `on_jump` the one from `[where, step, rev]`: "key_back", "key_forward", "finding" or "error", from that step.

    `data`: `starts`, `batches` (a batch id or None) by trigger; `numbers` of calls as `Steps` has them, of `all`; `rev` and
    `step`, where to stand when `rev` is new; for the cursor the selector of the `timeline`, its `window` in triggers and the
    pixels `top`, `left` and `right` of its plot; `failed`, whether there is an error to jump to;
    `nothing`, what to say without steps.
    """
    _PLAYER(
        key=key,
        data=numbered(key, data),
        on_at_change=store.sends(on_step, key, "at"),
        on_jump_change=store.sends(on_jump, key, "jump"),
    )
