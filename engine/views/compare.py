"""Two replays side by side: which calls, states and outputs differ, the first difference first. Lives here: that comparison.

Calls are matched by trigger, key and reason, not by number: a call more at the beginning must not make all others differ.
"""

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final

import msgspec
import pandas as pd

from engine.model.keys import as_stored
from engine.model.trace import FunctionCalled, Trace
from engine.views.once import once_per_trace
from engine.views.pages import Page, rows_of_page
from engine.views.state_words import state_text
from engine.views.variables import with_names
from engine.views.words import count_text, cut, due_name, key_text, short_duration_text, value_text, visible

_COLUMNS: Final = ("", "call now", "batch", "key", "what", "before", "now")
_TEXT_LIMIT: Final = 60
_NONE: Final = -1

#: A call is known by its trigger (as the other replay counts it), its key, its reason, and how many like it came before.
_Name = tuple[int, Any, str, int]


class Difference(msgspec.Struct, frozen=True):
    """One call that is not the same in both replays; `call_index` is its number now, -1 when it is made no more.

    `what` names what differs; `before` and `now` are the two, as texts.
    """

    call_index: int
    batch: int
    key: str
    what: str
    before: str
    now: str


class Comparison(msgspec.Struct, frozen=True):
    """What differs between a baseline and a replay, batch by batch; `same` calls are equal in both."""

    differences: tuple[Difference, ...]
    same: int
    changed: int
    added: int
    gone: int

    @property
    def sentence(self) -> str:
        if not self.differences:
            return f"Nothing differs: {count_text(self.same, 'call')}, the same states and outputs."
        parts = (
            (self.changed, "changed"),
            (self.added, "new"),
            (self.gone, "no longer made"),
            (self.same, "the same"),
        )
        return f"Calls: {', '.join(f'{count:,} {what}' for count, what in parts if count)}."


def compare(baseline: Trace, trace: Trace) -> Comparison:
    """Compare a replay with an earlier one, of another function or of another stream. One pass over both, made once."""
    made = _made(trace)
    for other, comparison in made:
        if other is baseline:
            return comparison
    made[:] = [(baseline, _compare(baseline, trace))]
    return made[0][1]


@once_per_trace
def _made(trace: Trace) -> list[tuple[Trace, Comparison]]:
    """The last comparison of this trace with another one."""
    return []


def _compare(baseline: Trace, trace: Trace) -> Comparison:
    places = _aligned(baseline, trace)
    before = dict(_named(baseline, {trigger: trigger for trigger in range(len(baseline.scenario.batches))}))
    now = dict(_named(trace, places))
    differences: list[Difference] = []
    same = changed = 0
    for name, index in now.items():
        if name in before:
            found = list(_differences(baseline, before[name], trace, index))
            differences += found
            same, changed = same + (not found), changed + bool(found)
        else:
            differences.append(_one_sided(trace, index, "new call", is_now=True))
    gone = [
        _one_sided(baseline, index, "no longer called", is_now=False)
        for name, index in before.items()
        if name not in now
    ]
    added = len(now) - same - changed
    in_order = sorted((*gone, *differences), key=lambda one: one.batch)
    return Comparison(tuple(in_order), same, changed, added, len(gone))


def comparison_page(comparison: Comparison, number: int) -> Page:
    """A page of the differences; a row leads to its call in the newer replay."""
    rows = rows_of_page(number, len(comparison.differences))
    shown = comparison.differences[rows]
    cells = [
        ("", str(one.call_index + 1) if one.call_index >= 0 else "", one.batch, one.key, one.what, one.before, one.now)
        for one in shown
    ]
    frame = pd.DataFrame(cells, columns=list(_COLUMNS))
    return Page(frame, tuple(one.call_index for one in shown), rows.start, len(comparison.differences))


def _aligned(baseline: Trace, trace: Trace) -> dict[int, int]:
    """For each trigger of the newer stream the one of the baseline that it stands for; new ones count from the end on."""
    old, new = baseline.scenario.batches, trace.scenario.batches
    if len(old) == len(new):
        return {trigger: trigger for trigger in range(len(new))}
    matcher = SequenceMatcher(
        None, [repr(batch.rows) for batch in old], [repr(batch.rows) for batch in new], autojunk=False
    )
    places = {trigger: len(old) + trigger for trigger in range(len(new))}
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        places.update(zip(range(new_start, new_end), range(old_start, old_end), strict=False))
    return places


def _named(trace: Trace, places: dict[int, int]) -> Iterator[tuple[_Name, int]]:
    counts: defaultdict[tuple[int, Any, str], int] = defaultdict(int)
    for index, call in enumerate(trace.calls):
        name = (places[trace.batch_of(call).trigger], as_stored(call.key), call.reason)
        yield (*name, counts[name]), index
        counts[name] += 1


def _differences(baseline: Trace, old_index: int, trace: Trace, index: int) -> Iterator[Difference]:
    """What differs between two calls of the same name."""
    old = baseline.calls[old_index]
    new = trace.calls[index]
    pairs = zip(_facts(baseline, old), _facts(trace, new), strict=True)
    for (what, was, was_text), (_, value, text) in pairs:
        if was != value and repr(was) != repr(value):  # a NaN is not equal to itself, and is the same all the same
            yield Difference(index, trace.batch_of(new).batch_id + 1, key_text(new.key), what, was_text, text)


def _facts(trace: Trace, call: FunctionCalled) -> Iterator[tuple[str, Any, str]]:
    """What is compared of a call: a name, the value, and its text. Timeouts count from the batch: time may have been put in."""
    batch = trace.batch_of(call)
    due_in_ms = [timer_ms - batch.processing_time_ms for timer_ms in call.after.timers_ms]
    error = call.error
    yield "rows in", trace.rows_of(call), count_text(len(call.row_indexes), "row")
    yield "state", call.after.entries, state_text(with_names(trace, call).after) or "nothing"
    yield due_name(trace), due_in_ms, ", ".join(f"in {short_duration_text(ms)}" for ms in due_in_ms[:3]) or "none"
    yield "output", call.output, cut(value_text(call.output), _TEXT_LIMIT) if call.output else "no rows"
    yield "printed", call.printed, cut(visible(call.printed), _TEXT_LIMIT) or "nothing"
    yield (
        "error",
        (error and error.error_class, error and error.message),
        visible(error.error_class) if error else "none",
    )
    yield "kept", batch.committed, "yes" if batch.committed else "no: its batch failed"


def _one_sided(trace: Trace, index: int, what: str, *, is_now: bool) -> Difference:
    call = with_names(trace, trace.calls[index])
    done = f"{call.reason}: {state_text(call.before) or 'nothing'} → {state_text(call.after) or 'nothing'}"
    batch = trace.batch_of(call).batch_id + 1
    key = key_text(call.key)
    return Difference(index, batch, key, what, "", done) if is_now else Difference(_NONE, batch, key, what, done, "")
