"""One line that says what the shapes of the timeline mean. Lives here: only those that the picture has are named."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from engine.views import Picture
from ui.charts.marks import BROKEN_STROKE, CROSS, DIAMOND, HOURGLASS, NO_ENTRY, SLASH, STROKE, TRIANGLE
from ui.theme import Theme

_SIZE_PX: Final = 16
_STYLE: Final = (
    "display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center;"
    "font-size:0.8rem;line-height:1.3;padding:2px 0 0 {left}px;color:{colour}"
)


def html(picture: Picture, theme: Theme, left_px: int) -> str:
    """The line as HTML; it holds no word of the user's."""
    items = "".join(
        f'<span style="display:inline-flex;gap:6px;align-items:center;white-space:nowrap">{drawing}{words}</span>'
        for drawing, words in _items(picture, theme)
    )
    return f'<div style="{_STYLE.format(left=left_px, colour=theme.faint_text)}">{items}</div>'


def _items(picture: Picture, theme: Theme) -> Iterator[tuple[str, str]]:
    bars, ends, calls = set(picture.bars["kind"]), set(picture.ends["kind"]), set(picture.calls["kind"])
    marks = picture.timeouts.marks
    fates = set(picture.timeouts.lines["fate"])
    if "value" in bars:
        yield _bar(theme.values[1], theme.values[1]), "what is remembered"
    if "no_value" in bars:
        yield _bar(theme.page, theme.no_value), "only a timeout, no value"
    if "lost" in bars:
        yield _bar(theme.page, theme.problem), "never stored"
    if "data" in calls:
        yield _filled(STROKE, theme.data_call), "called with data"
    if "timeout" in calls:
        yield _woken(theme), "timed out: called without data"
    if "timer" in calls:
        yield _woken(theme), "a timer fired: called without data"
    if "other" in calls:
        yield _filled(STROKE, theme.faint_text), "called with its initial state"
    if fates:
        yield _line(theme.timeout), picture.timeouts.name
    if len(marks):
        yield _stroked(DIAMOND, theme.timeout), "is due"
    if "cancelled" in fates:
        yield _stroked(SLASH, theme.problem), "timeout lost"
    if "deleted" in fates:
        yield _stroked(SLASH, theme.timeout), "timer deleted"
    if "expired" in ends:
        yield _filled(HOURGLASS, theme.timeout), "its time to live is over"
    if "deleted" in ends:
        yield _stroked(CROSS, theme.faint_text), "its variable was deleted"
    if "removed" in ends:
        yield _stroked(CROSS, theme.faint_text), "forgotten"
    if "failed" in calls:
        yield _badge(theme.problem), "failed"
    if picture.watermark is not None:
        yield from _watermark_items(picture, theme)


def _woken(theme: Theme) -> str:
    return _filled(TRIANGLE, theme.timeout_call) + _filled(BROKEN_STROKE, theme.timeout_call)


def _watermark_items(picture: Picture, theme: Theme) -> Iterator[tuple[str, str]]:
    kinds = set(picture.watermark.rows["kind"]) if picture.watermark is not None else set()
    if kinds & {"kept", "early"}:
        yield _svg(f'<circle r=".5" fill="{theme.row}"/>'), "row"
    if "dropped" in kinds:
        yield _stroked(NO_ENTRY, theme.dropped), "row dropped as late"
    yield _line(theme.watermark, "1 0"), "watermark"
    yield _line(theme.watermark, ".9 .55"), "late at or below"


def _svg(inner: str, width_px: int = _SIZE_PX) -> str:
    """A drawing as an image: the page lets no inline SVG through."""
    half = 1.25 * width_px / _SIZE_PX
    box = f'viewBox="{-half} -1.25 {2 * half} 2.5" width="{width_px}" height="{_SIZE_PX}"'
    drawing = quote(f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{inner}</svg>')
    return f'<img alt="" width="{width_px}" height="{_SIZE_PX}" src="data:image/svg+xml,{drawing}">'


def _filled(path: str, colour: str) -> str:
    return _svg(f'<path d="{path}" fill="{colour}"/>')


def _stroked(path: str, colour: str) -> str:
    return _svg(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width=".35"/>')


def _bar(fill: str, stroke: str) -> str:
    dash = "" if fill == stroke else ' stroke-dasharray=".45 .3"'
    rect = f'<rect x="-2" y="-.8" width="4" height="1.6" rx=".35" fill="{fill}" stroke="{stroke}" stroke-width=".18"'
    return _svg(f"{rect}{dash}/>", 2 * _SIZE_PX)


def _line(colour: str, dashes: str = ".32 .45") -> str:
    return _svg(
        f'<path d="M-2.2,0H2.2" stroke="{colour}" stroke-width=".32" stroke-dasharray="{dashes}"/>', 2 * _SIZE_PX
    )


def _badge(colour: str) -> str:
    return _svg(f'<circle r="1.1" fill="{colour}"/><path d="M0,-.6V.1M0,.42V.62" stroke="#fff" stroke-width=".3"/>')
