"""Trace and cursor in, frames and sentences in the words of the screen out. Reads traces, makes none."""

from engine.views.differences import Change, Difference
from engine.views.inspector import Fact, Failure, Inspection, failure_of, inspect, printed_at_load, source_line
from engine.views.once import once_per_trace
from engine.views.operations import Operation
from engine.views.overview import Overview, overview
from engine.views.picture import Picture, picture
from engine.views.shown_rows import Table
from engine.views.tables import (
    Page,
    all_calls,
    call_page,
    calls_with_the_key_of,
    last_call_at,
    output_count,
    output_csv,
    output_page,
    output_row_of,
    page_of_row,
)
from engine.views.timeouts import TimeoutFate, setting_line, timeout_fates
from engine.views.watermark_strip import WatermarkStrip
from engine.views.window import LaneFilter, LaneOrder, Window, chosen_lanes, first_window, window_at

__all__ = [
    "Change",
    "Difference",
    "Fact",
    "Failure",
    "Inspection",
    "LaneFilter",
    "LaneOrder",
    "Operation",
    "Overview",
    "Page",
    "Picture",
    "Table",
    "TimeoutFate",
    "WatermarkStrip",
    "Window",
    "all_calls",
    "call_page",
    "calls_with_the_key_of",
    "chosen_lanes",
    "failure_of",
    "first_window",
    "inspect",
    "last_call_at",
    "once_per_trace",
    "output_count",
    "output_csv",
    "output_page",
    "output_row_of",
    "overview",
    "page_of_row",
    "picture",
    "printed_at_load",
    "setting_line",
    "source_line",
    "timeout_fates",
    "window_at",
]
