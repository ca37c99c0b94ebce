"""What a state rests on: the calls that made it, back to where it began. Lives here: that chain, as a page."""

from typing import Final

import msgspec
import pandas as pd

from engine.model.trace import FunctionCalled, Trace
from engine.views.call_table import call_table
from engine.views.lane_story import lane_story
from engine.views.pages import Page, rows_of_page
from engine.views.shown_rows import input_table
from engine.views.state_words import state_text
from engine.views.variables import with_names
from engine.views.words import call_name, count_text, cut, joined_text, key_text

_COLUMNS: Final = ("", "call", "batch", "rows in", "events", "state before", "state after", "rows out")
_EVENTS_LIMIT: Final = 60


class Origin(msgspec.Struct, frozen=True):
    """The calls on which the state after `call_index` rests, in order; the call itself is the last one.

    It begins with the call that found nothing, or with the state that was there before the first batch. Calls that
    changed nothing are left out, unless it is the one that is looked at.
    """

    call_index: int
    calls: tuple[int, ...]

    def sentence(self, trace: Trace) -> str:
        """In words: "hello remembers 3: 2 calls and 3 events made it so."."""
        if self.call_index < 0:
            return "No call was made yet."
        call = with_names(trace, trace.calls[self.call_index])
        events = sum(len(trace.calls[index].event_indexes) for index in self.calls)
        made = f"{count_text(len(self.calls), 'call')} and {count_text(events, 'event')} made it so."
        remembers = state_text(call.after)
        verb = f"remembers {remembers}" if remembers else "remembers nothing"
        return f"After {call_name(self.call_index)} {key_text(call.key)} {verb}: {made}"


def origin(trace: Trace, call_index: int) -> Origin:
    """The chain of calls behind the state that this call left; empty for call -1."""
    if call_index < 0:
        return Origin(-1, ())
    lane = call_table(trace).lane_of_call[call_index]
    changes = [index for index in lane_story(trace, lane).changes if index < call_index] if lane >= 0 else []
    chain = [call_index]
    while changes and _found_something(trace, chain[0]):
        chain.insert(0, changes.pop())
    return Origin(call_index, tuple(chain))


def _found_something(trace: Trace, call_index: int) -> bool:
    return trace.calls[call_index].before.exists


def origin_page(trace: Trace, chain: Origin, number: int) -> Page:
    """A page of the chain, with the events that each of its calls was given."""
    rows = rows_of_page(number, len(chain.calls))
    shown = chain.calls[rows]
    frame = pd.DataFrame([_row(trace, index) for index in shown], columns=list(_COLUMNS))
    return Page(frame, shown, rows.start, len(chain.calls))


def _row(trace: Trace, index: int) -> tuple[object, ...]:
    call = with_names(trace, trace.calls[index])
    batch = trace.batch_of(call)
    return (
        "",
        index + 1,
        batch.batch_id + 1,
        len(call.row_indexes),
        _events(trace, call),
        state_text(call.before),
        state_text(call.after),
        len(call.output),
    )


def _events(trace: Trace, call: FunctionCalled) -> str:
    rows = input_table(trace, trace.batch_of(call), call.event_indexes).rows
    return cut(joined_text((" ".join(row) for row in rows), len(call.event_indexes), _EVENTS_LIMIT), _EVENTS_LIMIT)
