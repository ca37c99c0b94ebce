"""Trace and cursor in, frames and sentences in the words of the screen out. Reads traces, makes none."""

from engine.model.source_lines import line_count
from engine.views.compare import Comparison, compare, comparison_page
from engine.views.differences import Change, Difference
from engine.views.failures import Failure, failure_of, source_line
from engine.views.inspector import Fact, Inspection, inspect, printed_at_load
from engine.views.job import job_in_force, job_names, may_be_a_job, said_otherwise
from engine.views.key_changes import TimerChange, VariableChange
from engine.views.lines import CallMoments, Moment, Variable, call_moments
from engine.views.notebooks import is_notebook
from engine.views.once import once_per_trace
from engine.views.operations import Operation
from engine.views.overview import Overview, overview
from engine.views.pages import Page, page_of_row
from engine.views.pasted import Paste, cleaned
from engine.views.picture import Picture, picture
from engine.views.shown_rows import Table
from engine.views.tables import (
    all_calls,
    call_page,
    calls_with_the_key_of,
    distinct_names,
    last_call_at,
    output_count,
    output_csv,
    output_page,
    output_row_of,
)
from engine.views.timeouts import TimeoutFate
from engine.views.transcript import transcript, transcript_lines
from engine.views.watched import (
    Stop,
    breakpoint_words,
    next_stop,
    previous_stop,
    stops,
    watch_notes,
    watch_page,
    watched_count,
    watched_row_of,
)
from engine.views.watermark_strip import WatermarkStrip
from engine.views.why_rows import event_count, event_of_call, event_page
from engine.views.why_state import Origin, origin, origin_page
from engine.views.why_timeouts import all_timeouts, timeout_page, timeouts_of_call, timeouts_with_the_key_of
from engine.views.window import LaneFilter, LaneOrder, Window, chosen_lanes, first_window, key_page_at, window_at
from engine.views.words import due_name, visible, visible_lines

__all__ = [
    "CallMoments",
    "Change",
    "Comparison",
    "Difference",
    "Fact",
    "Failure",
    "Inspection",
    "LaneFilter",
    "LaneOrder",
    "Moment",
    "Operation",
    "Origin",
    "Overview",
    "Page",
    "Paste",
    "Picture",
    "Stop",
    "Table",
    "TimeoutFate",
    "TimerChange",
    "Variable",
    "VariableChange",
    "WatermarkStrip",
    "Window",
    "all_calls",
    "all_timeouts",
    "breakpoint_words",
    "call_moments",
    "call_page",
    "calls_with_the_key_of",
    "chosen_lanes",
    "cleaned",
    "compare",
    "comparison_page",
    "distinct_names",
    "due_name",
    "event_count",
    "event_of_call",
    "event_page",
    "failure_of",
    "first_window",
    "inspect",
    "is_notebook",
    "job_in_force",
    "job_names",
    "key_page_at",
    "last_call_at",
    "line_count",
    "may_be_a_job",
    "next_stop",
    "once_per_trace",
    "origin",
    "origin_page",
    "output_count",
    "output_csv",
    "output_page",
    "output_row_of",
    "overview",
    "page_of_row",
    "picture",
    "previous_stop",
    "printed_at_load",
    "said_otherwise",
    "source_line",
    "stops",
    "timeout_page",
    "timeouts_of_call",
    "timeouts_with_the_key_of",
    "transcript",
    "transcript_lines",
    "visible",
    "visible_lines",
    "watch_notes",
    "watch_page",
    "watched_count",
    "watched_row_of",
    "window_at",
]
