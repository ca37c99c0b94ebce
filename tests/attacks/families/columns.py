"""Attacks on who reads the trace by what its columns hold: keys of cells, kept names, rules, times, timers, what was dropped."""

from tests.attacks.catalog import attack
from tests.attacks.toolbox import batch, called, frame, overwrite, trace_of


@attack("stopped", "harmless", takes_its_time=True)
def key_of_a_million_cells(t):
    overwrite(trace_of(called(key=[{"type": "array", "cells": [None] * 1_000_000}])))


@attack("stopped", "harmless")
def key_as_deep_as_it_may_be(t):
    cell = None
    for _ in range(90):
        cell = {"type": "array", "cells": [cell]}
    overwrite(trace_of(called(key=[cell]), called(key=[cell])))


@attack("stopped", "harmless")
def key_of_a_map_whose_keys_are_maps(t):
    inner = {"type": "map", "keys": [], "cells": []}
    overwrite(trace_of(called(key=[{"type": "map", "keys": [inner, inner, None], "cells": [inner]}])))


@attack("stopped", "harmless")
def key_of_a_struct_without_names(t):
    overwrite(trace_of(called(key=[{"type": "struct", "names": [], "cells": [1, 2]}])))


@attack("stopped")
def key_of_a_kind_that_is_none(t):
    overwrite(trace_of(called(key=[{"type": "pickle", "value": b"cos\nsystem\n"}])))


@attack("stopped", "harmless", takes_its_time=True)
def key_of_not_a_number_again_and_again(t):
    """None of them equals another, so that a table of keys could grow with every call."""
    overwrite(trace_of(*[called(key=[float("nan"), 0.0, -0.0])] * 3_000))


@attack("stopped", "harmless")
def bytes_for_a_key(t):
    overwrite(trace_of(called(key=[{"type": "binary", "value": b"\xff" * 1_000_000}])))


@attack("stopped", "harmless")
def state_of_somebody_elses_key(t):
    overwrite(trace_of(called(state_key=["other"]), called(state_key=[None] * 2_000)))


@attack("stopped")
def state_key_without_end(t):
    overwrite(trace_of(called(state_key=[None] * 2_001)))


@attack("stopped", "harmless", takes_its_time=True)
def columns_that_were_given_without_end(t):
    overwrite(trace_of(called(given_columns=["<img src=x onerror=alert(1)>", "\u202eabc"] * 50_000)))


@attack("stopped", "harmless")
def rules_that_nobody_knows(t):
    overwrite(trace_of(called(rule="no-such-rule", state_rule="](javascript:alert(1))" * 1_000)))


@attack("stopped", "harmless")
def unsaved_value_that_is_deep(t):
    value = []
    for _ in range(180):
        value = [value]
    overwrite(trace_of(called(unsaved=value)))


@attack("stopped", "harmless")
def timer_at_the_end_of_time(t):
    overwrite(trace_of(called(reason="timer", timer_ms=2**63 - 1), called(reason="timer", timer_ms=-(2**63))))


@attack("stopped", "harmless")
def reasons_that_do_not_fit(t):
    reasons = ("init", "close", "timeout", "timer", "data")
    overwrite(trace_of(*(called(reason=reason, key=None, partition=-(2**62)) for reason in reasons)))


@attack("stopped")
def initial_state_where_there_is_none(t):
    overwrite(trace_of(called(reason="initial_state", row_indexes=[0, 1, 2])))


@attack("stopped", "harmless")
def chunks_of_other_lengths(t):
    overwrite(trace_of(called(row_indexes=[0], chunks=[-5, 10**15, 0]), called(row_indexes=[0, 0, 0], chunks=[])))


@attack("stopped", "harmless")
def operations_without_their_arguments(t):
    names = ("update", "setTimeoutDuration", "setTimeoutTimestamp", "registerTimer", "__class__", "")
    overwrite(trace_of(called(operations=[[name, []] for name in names], operation_lines=[2**62, -1, 0, 1, 1, 1])))


@attack("stopped", "harmless")
def operation_refused_at_length(t):
    raises = {"raises": {"class": "\u202eE" * 1_000, "message": "<script>" * 10_000}}
    overwrite(trace_of(called(operations=[["update", [1], raises]], operation_lines=[1])))


@attack("stopped", "harmless")
def entries_that_come_twice(t):
    entry = ["v", [1], {"unhashable": [1]}, None]
    overwrite(trace_of(called(after=[[entry, entry, entry], [5, 5, -5], True])))


@attack("stopped", "harmless", takes_its_time=True)
def two_hundred_timers(t):
    overwrite(trace_of(called(after=[[], list(range(200)), True], before=[[], [2**63 - 1] * 100, True])))


@attack("stopped", "harmless")
def rows_that_are_maps_of_all_kinds(t):
    overwrite(trace_of(called(output=[[{1: 2, None: 3, 1.5: 4, b"\xff": 5}], [{}], [[]], []] * 100)))


@attack("stopped", "harmless", takes_its_time=True)
def thousands_of_empty_lists(t):
    """A byte each to write, a Python object each to read."""
    overwrite(trace_of(called(output=[[]] * 5_000)))


@attack("stopped", "harmless")
def name_of_the_function_that_lies(t):
    loaded = {
        "printed": "\x1b[2J",
        "expires_by": None,
        "function_name": "<b>x</b>](http://x)",
        "rows_as": "list",
    }
    overwrite(trace_of(called(), loaded=loaded))


@attack("stopped")
def rows_given_as_nothing_known(t):
    overwrite(trace_of(called(), loaded={"printed": "", "expires_by": "never", "rows_as": "pickle"}))


@attack("stopped", "harmless")
def shape_of_state_that_it_has_not(t):
    loaded = {"printed": "", "expires_by": "watermark", "state_shape": "variables"}
    overwrite(trace_of(called(after=[[["", [1], None, None]], [5], True]), loaded=loaded))


@attack("stopped", "harmless")
def removed_from_keys_that_never_were(t):
    import msgspec

    gone = [[["nobody", 1, None], ["v", [1], None, -(2**63)], "no-such-rule"]] * 500
    overwrite(batch() + frame(b"R", msgspec.msgpack.encode({"entries": gone})) + batch(ends=True))


@attack("stopped", "harmless")
def metrics_of_five_thousand_names(t):
    overwrite(batch() + batch(ends=True, metrics={f"\u202e{n}": 2**63 - 1 for n in range(5_000)}))


@attack("stopped", "harmless")
def event_times_the_wrong_way_round(t):
    times = {"min_ms": 2**63 - 1, "avg_ms": 0, "max_ms": -(2**63)}
    overwrite(batch(event_times=times, watermark_ms=-(2**63)) + called() + batch(ends=True))


@attack("stopped", "harmless")
def row_that_was_dropped_a_thousand_times(t):
    overwrite(batch(dropped=[[0, "late", "x"]] * 1_000) + batch(ends=True))


@attack("stopped")
def plan_for_rows_that_are_nowhere(t):
    import msgspec

    plan = {"reason": "data", "partition": 0, "calls": [[["nobody"], [10**15, 0, 7]]] * 1_000}
    overwrite(batch() + called() * 500 + frame(b"S", msgspec.msgpack.encode(plan)))


@attack("stopped")
def answer_in_the_place_of_a_trace(t):
    """Frames of the answers about lines, breakpoints, watches and jobs."""
    overwrite(b"".join(frame(tag, b"\xc0") for tag in (b"l", b"c", b"h", b"v", b"b", b"w", b"x", b"j", b"t")))


@attack("stopped", "harmless")
def column_too_many(t):
    """A later version of a call may have more columns; this one takes what it knows."""
    import msgspec

    more = [
        0,
        ["a"],
        0,
        "data",
        [],
        [],
        [[], [], False],
        [],
        [],
        [[], [], False],
        [],
        "",
        None,
        "",
        "",
        None,
        None,
        None,
        [],
    ]
    overwrite(batch() + frame(b"C", msgspec.msgpack.encode([*more, "more", [1] * 10_000])) + batch(ends=True))
