"""All that the page, the command line and the files make of a trace, as one text: what a trace can break, it breaks here."""

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pandas as pd

from engine import debugger, diagnostics, views
from engine.codec.trace_json import trace_to_json
from engine.model.trace import Trace
from engine.views.transcript import transcript

_MOST_STEPS = 12


def everything_shown(trace: Trace) -> str:
    """Every view of every step (of the first and last of many). Raises what the page would raise."""
    return "\n".join(texts_in(list(_shown(trace))))


def _shown(trace: Trace) -> Iterator[Any]:
    yield transcript(trace)
    yield trace_to_json(trace)
    yield diagnostics.findings(trace)
    yield views.failure_of(trace), views.printed_at_load(trace), views.output_csv(trace)
    steps = debugger.Steps(trace)
    for index in _some(len(steps)):
        yield from _at(trace, steps, steps.at(index))
    if len(steps):
        yield from _whole(trace, steps)


def _at(trace: Trace, steps: debugger.Steps, step: debugger.Step) -> Iterator[Any]:
    call = views.last_call_at(trace, step)
    yield views.inspect(trace, step)
    yield views.call_page(trace, views.calls_with_the_key_of(trace, call), 1)
    if call >= 0:
        page = views.page_of_row(views.output_row_of(trace, call))
        yield views.output_page(trace, page), steps.of_call(call)
        yield views.origin_page(trace, views.origin(trace, call), 1), views.origin(trace, call).sentence(trace)
        yield views.timeouts_of_call(trace, call), views.timeouts_with_the_key_of(trace, call)
    yield views.event_page(trace, views.page_of_row(views.event_of_call(trace, call)))


def _whole(trace: Trace, steps: debugger.Steps) -> Iterator[Any]:
    yield views.call_page(trace, views.all_calls(trace), 1)
    yield views.timeout_page(trace, views.all_timeouts(trace), 1)
    for order in get_args(views.LaneOrder):
        places = views.chosen_lanes(trace, order)
    yield views.overview(trace, steps, places)
    for index in {0, len(steps) - 1}:
        window = views.window_at(trace, steps, views.first_window(trace, steps), steps.at(index).trigger)
        yield views.picture(trace, steps, window, places)


def _some(count: int) -> list[int]:
    half = _MOST_STEPS // 2
    return list(range(count)) if count <= _MOST_STEPS else [*range(half), *range(count - half, count)]


def texts_in(shown: Any) -> Iterator[str]:
    """Every text in a view."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, pd.DataFrame):
        yield from map(str, shown.columns)
        for name in range(shown.shape[1]):
            yield from (cell for cell in shown.iloc[:, name] if isinstance(cell, str))
    elif isinstance(shown, msgspec.Struct):
        for name in shown.__struct_fields__:
            yield from texts_in(getattr(shown, name))
    elif isinstance(shown, (list, tuple)):
        for item in shown:
            yield from texts_in(item)
