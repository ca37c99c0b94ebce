"""The line player in the browser (lines.js). Lives here: its registration and what it is given; what a line did does not."""

from pathlib import Path
from typing import Any, Final

import msgspec
import streamlit as st

from engine.views import CallMoments
from ui.components.mounted import numbered, script

_HERE: Final = Path(__file__).parent
_LINES: Final = st.components.v2.component(
    "stateline_lines",
    html=(_HERE / "lines.html").read_text(encoding="utf-8"),
    css=(_HERE / "lines.css").read_text(encoding="utf-8"),
    js=script(_HERE / "lines.js"),
)


def line_player(
    key: str,
    call: CallMoments,
    *,
    rev: str,
    seek: int,
    stops: tuple[int, ...],
    counts: dict[int, int] | None,
    marks: bool,
) -> None:
    """Mount the player over the moments of a call, at number `seek` when `rev` is new.

    `stops` are the moments at which a breakpoint was reached, `counts` says how often each line ran in all calls, when
    that is known. With `marks` the editor is told which line runs: its text is the one that was replayed.
    """
    data: dict[str, Any] = {
        "moments": msgspec.to_builtins(call.moments),
        "hits": _by_line(call.hits),
        "counts": _by_line(counts) if counts is not None else None,
        "rev": rev,
        "seek": seek,
        "stops": sorted(stops),
        "marks": marks,
    }
    _LINES(key=key, data=numbered(key, data))


def _by_line(counts: dict[int, int]) -> dict[str, int]:
    """As JSON has it."""
    return {str(line): count for line, count in counts.items()}
