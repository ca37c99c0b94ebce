"""A replay as one HTML file that needs no server and no other file: for a ticket, a mail, a lesson. Lives here: its parts.

All texts are escaped by `ui.markup`; the file has no script, and loads nothing.
"""

from base64 import b64encode
from itertools import islice
from typing import Final

from engine import Trace, diagnostics, events, views
from engine.views import Picture
from ui.charts import legend, still
from ui.charts.layout import PLOT_LEFT_PX
from ui.markup import Markup, joined, tag
from ui.theme import THEMES

#: More lines than this nobody reads; the scenario, which has them all, can be opened in the page.
_MOST_LINES: Final = 5_000
_MOST_EVENTS: Final = 2_000
_HEAD: Final = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:1140px;margin:2rem auto;padding:0 1rem;color:#1d2330}"
    "pre{background:#f4f5f7;padding:.8rem;border-radius:6px;overflow-x:auto;font-size:13px}"
    "h2{font-size:1.05rem;margin-top:2rem}img{max-width:100%}</style>"
)


def html(trace: Trace, picture: Picture) -> str:
    """The report: the picture, the findings, the function, the events, and every call in words."""
    scenario = trace.scenario
    title = views.visible(scenario.title) or "Untitled"
    return joined(
        (
            _HEAD,
            tag("title", title),
            tag("h1", title),
            tag("p", views.visible_lines(scenario.about)),
            _picture(picture),
            _section("Findings", _findings(trace)),
            _section("Function", tag("pre", views.visible_lines(scenario.code))),
            _section("Events", tag("pre", views.visible_lines(_events(trace)))),
            _section("What happened", tag("pre", _calls(trace))),
        )
    )


def _picture(picture: Picture) -> Markup:
    """As an image, so that no word of the picture can be read as HTML."""
    theme = THEMES["light"]
    drawn = b64encode(still.svg(picture, theme).encode()).decode()
    image = f'<img alt="State timeline" src="data:image/svg+xml;base64,{drawn}">'
    return Markup(image + legend.html(picture, theme, PLOT_LEFT_PX))


def _section(name: str, *parts: str) -> Markup:
    return joined((tag("h2", name), *parts))


def _findings(trace: Trace) -> Markup:
    found = diagnostics.findings(trace)
    if not found:
        return tag("p", "None.")
    return tag("ul", *(tag("li", tag("b", one.title), f": {one.why} {one.fix}") for one in found))


def _events(trace: Trace) -> str:
    scenario = trace.scenario
    count = sum(len(batch.rows) for batch in scenario.batches)
    if count > _MOST_EVENTS:
        return f"{count:,} events in {len(scenario.batches):,} batches"
    return events.write_text(scenario.batches, scenario.restart_before)


def _calls(trace: Trace) -> str:
    lines = list(islice(views.transcript_lines(trace), _MOST_LINES + 1))
    more = ["… and more"] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *more])
