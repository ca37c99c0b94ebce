"""One step in words: the call as Spark makes it, what it changed, what it waits for, and why."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.debugger.steps import Steps
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario, Watermark
from engine.model.trace import CallLog, ErrorRecord
from engine.views.failures import failure_of
from engine.views.inspector import inspect
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, trace_of

TEN = 1_704_103_200_000  # 2024-01-01 10:00 UTC
NOTHING = "def updateState(key, values, state): return []\n"
SESSIONS = """\
def updateState(key, values, state):
    if state.hasTimedOut:
        state.remove()
        return [(key, "closed")]
    state.update(len(list(values)))
    state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + 60_000)
"""


def at(trace, step):
    """The inspection of a step, counted from 0; from the end when negative."""
    steps = Steps(trace)
    return inspect(trace, steps.at(step if step >= 0 else len(steps) + step))


def after(body, *batches, **fields):
    """The last step of a replay whose function has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return at(replayed(f"def updateState(key, values, state):\n{lines}\n", *batches, **fields), -1)


def facts(inspection):
    return {fact.name: fact.text for fact in inspection.facts}


@pytest.fixture(scope="module")
def tutorial():
    batches = ((TEN, "hello hello spark"), (TEN + MINUTE_MS, "hello"), (TEN + 12 * MINUTE_MS, ""))
    return {semantics: replayed(TUTORIAL, *batches, semantics=semantics) for semantics in ("tutorial", "spark")}


class TestTheCall:
    def test_it_is_written_as_spark_makes_it(self, tutorial):
        first = at(tutorial["tutorial"], 0)
        assert first.call == 'updateState("hello", ["hello", "hello"], state)'
        assert (first.title, first.place, first.reason) == ("Call 1 of 5", "batch 1 · 10:00", "data")

    def test_spark_hands_over_an_iterator(self, tutorial):
        assert at(tutorial["spark"], 0).call == 'updateState("hello", iter(["hello", "hello"]), state)'

    def test_many_values_are_cut_and_counted(self):
        call = at(replayed(NOTHING, (TEN, "a " * 100)), 0).call
        assert call.startswith('updateState("a", ["a", "a", ')
        assert call.endswith(" more], state)")
        assert len(call) < 220

    def test_several_columns_are_rows_and_several_keys_a_tuple_under_the_functions_own_name(self):
        rows = [{"shop": "eu", "user": 7, "amount": 1.5}]
        code = "def sums(key, values, state): return []\n"
        call = at(replayed(code, (TEN, rows), key=["shop", "user"]), 0).call
        assert call == 'sums(("eu", 7), [Row(shop="eu", user=7, amount=1.5)], state)'

    def test_pandas_frames_are_told_by_their_lengths_and_a_single_key_is_a_tuple(self):
        code = "import pandas as pd\ndef fn(key, pdfs, state):\n    yield pd.DataFrame()\n"
        scenario = Scenario(
            api="applyInPandasWithState",
            code=code,
            input_schema="k string",
            output_schema="k string",
            state_schema="n long",
            conf={"spark.sql.execution.arrow.maxRecordsPerBatch": 2},
            batches=[Batch(TEN, Rows.from_dicts([{"k": "a"}] * 3))],
        )
        call = at(trace_of(scenario), 0).call
        assert call == 'fn(("a",), iter([<DataFrame of 2 rows>, <DataFrame of 1 row>]), state)'

    def test_why_it_was_called(self, tutorial):
        assert at(tutorial["tutorial"], 0).why == "2 rows with this key came in this batch."
        assert at(tutorial["tutorial"], 3).why == "Its timeout was due at 10:10; the batch ran at 10:12."

    def test_a_timeout_by_event_time_names_the_watermark(self):
        rows = [{"k": "a", "ts": TEN + minutes * MINUTE_MS} for minutes in (0, 30)]
        trace = replayed(
            SESSIONS,
            *((TEN, [row]) for row in rows),
            (TEN, ""),
            watermark=Watermark("ts", "10 minutes"),
            timeout_conf="EventTimeTimeout",
        )
        assert at(trace, -1).why == "Its timeout was due at 09:51; the watermark is at 10:20."

    def test_a_batch_after_a_restart_says_so(self):
        trace = replayed(TUTORIAL, (TEN, "a"), (TEN + MINUTE_MS, "a"), restart_before=[1])
        assert [at(trace, step).place for step in (0, 1)] == ["batch 1 · 10:00", "batch 2 · 10:01 · after a restart"]


class TestTheState:
    def test_before_and_after_with_the_difference(self, tutorial):
        third = at(tutorial["tutorial"], 2)
        assert (third.before, third.after) == ("2", "3")
        assert [(change.kind, change.delta) for change in third.difference.changes] == [("changed", "↑ 1")]

    def test_no_state_reads_nothing(self, tutorial):
        assert (at(tutorial["tutorial"], 0).before, at(tutorial["tutorial"], 3).after) == ("nothing", "nothing")

    def test_a_timeout_without_a_value_is_told_apart_from_nothing(self):
        assert after('state.setTimeoutDuration("1 minute")', (TEN, "a")).after == "only a timeout, no value"


class TestOperations:
    def test_they_stand_in_order_with_line_and_human_units(self, tutorial):
        operations = [(op.line, op.text, op.note) for op in at(tutorial["tutorial"], 0).operations]
        assert operations == [(5, "update(2)", ""), (6, "setTimeoutDuration 10 minutes", "due 10:10")]

    def test_a_timeout_by_event_time_says_what_it_waits_for(self):
        last = after(
            f"state.update(1)\nstate.setTimeoutTimestamp({TEN + 42 * MINUTE_MS})",
            (TEN, [{"k": "a", "ts": TEN}]),
            watermark=Watermark("ts", "0 seconds"),
            timeout_conf="EventTimeTimeout",
        )
        waits = "waits for the watermark to pass 10:42"
        assert (last.operations[1].text, last.operations[1].note) == ("setTimeoutTimestamp 10:42", waits)
        assert facts(last)["timeout after"] == "waits for the watermark to pass 10:42"

    def test_a_failing_one_says_what_it_raised(self):
        operation = after("state.setTimeoutDuration(-5)", (TEN, "a")).operations[0]
        assert operation.failed
        assert operation.note == "raised java.lang.IllegalArgumentException: Timeout duration must be positive"

    def test_a_failing_one_keeps_an_argument_that_is_no_time(self):
        assert after('state.setTimeoutDuration("soon")', (TEN, "a")).operations[0].text == 'setTimeoutDuration("soon")'

    def test_a_loop_of_operations_is_cut_and_counted(self):
        last = after("for i in range(50): state.update(i)", (TEN, "a"))
        assert (len(last.operations), last.more_operations) == (12, 38)


class TestRowsAndPrints:
    def test_rows_out_stand_under_their_columns(self, tutorial):
        out = at(tutorial["tutorial"], 0).rows_out
        assert (out.names, out.rows, out.more) == (("key", "count"), (("hello", "2"),), 0)

    def test_rows_in_are_those_of_the_call_with_all_columns(self):
        rows = [{"k": "a", "n": 1}, {"k": "b", "n": 2}, {"k": "a", "n": None}]
        table = at(replayed(NOTHING, (TEN, rows)), 0).rows_in
        assert (table.names, table.rows) == (("k", "n"), (("a", "1"), ("a", "None")))

    def test_only_the_first_rows_are_shown_and_the_rest_counted(self):
        first = at(replayed(NOTHING, (TEN, "a " * 100)), 0)
        assert (len(first.rows_in.rows), first.rows_in.more) == (8, 92)

    def test_an_output_row_that_came_before_a_column_has_null_in_it(self):
        trace = replayed("def updateState(key, values, state): return [{key: 1}]\n", (TEN, "a b"))
        assert at(trace, 0).rows_out.rows == (("1", "None"),)

    def test_what_loading_printed_stands_with_the_first_step(self):
        trace = replayed("print('loading')\n" + NOTHING, (TEN, "a b"))
        assert [at(trace, step).printed_at_load for step in (0, 1)] == ["loading\n", ""]

    def test_prints_keep_their_lines(self):
        assert after('print("a\\u202e")\nprint("b")', (TEN, "a")).printed == "a\\u202e\nb\n"


class TestTheStory:
    def test_a_new_key(self, tutorial):
        assert at(tutorial["tutorial"], 0).story == (
            "hello is seen for the first time: nothing is remembered for it yet.",
            "It stores 2.",
            "If nothing comes for 10 minutes, until 10:10, it is called once more.",
            "It returns 1 row.",
        )

    def test_a_known_key(self, tutorial):
        assert at(tutorial["tutorial"], 2).story[:2] == (
            "Spark hands over what is remembered for hello from call 1: 2.",
            "It stores 3 in place of 2.",
        )

    def test_the_tutorial_forgets_a_key_that_timed_out(self, tutorial):
        assert at(tutorial["tutorial"], 3).story == (
            "spark has timed out, so Spark calls the function without rows: hasTimedOut is true.",
            "By the tutorial's rule a key that timed out is forgotten: 1 is gone. Real Spark would keep it.",
            "It returns no rows.",
        )

    def test_spark_keeps_it(self, tutorial):
        assert at(tutorial["spark"], 3).story[1:3] == (
            "A timeout deletes nothing in Spark: 1 stays until the function calls state.remove().",
            "It sets no new timeout, so only new rows can wake this key again.",
        )

    def test_a_call_may_store_nothing(self):
        assert after("pass", (TEN, "a")).story[1:] == ("It stores nothing.", "It returns no rows.")

    def test_remove_forgets(self):
        last = after("state.remove() if state.exists else state.update(2)", (TEN, "a"), (TEN, "a"))
        assert last.story[1] == "It calls remove(): 2 is forgotten."

    def test_a_key_that_was_forgotten_and_comes_again(self):
        body = "state.remove() if state.exists else state.update(2)"
        last = after(body, (TEN, "a"), (TEN, "a"), (TEN, "a"))
        assert last.story[0] == "a was seen before, last in call 2, but nothing is remembered for it."

    def test_a_timeout_that_is_not_set_again_is_cancelled(self):
        body = 'if not state.exists: state.setTimeoutDuration("1 hour")\nstate.update(1)'
        last = after(body, (TEN, "a"), (TEN + MINUTE_MS, "a"))
        cancelled = "It sets no timeout, so the one due at 11:00 is cancelled: only new rows can wake this key again."
        assert cancelled in last.story

    def test_a_change_without_update_is_lost(self):
        body = 'if state.exists: state.get()["n"] += 1\nelse: state.update({"n": 1})'
        last = after(body, (TEN, "a"), (TEN, "a"))
        assert last.story[1] == "It changes n in its own copy, but does not call update(): the change is lost."

    def test_a_value_that_is_only_read_stays(self):
        last = after("state.get() if state.exists else state.update(1)", (TEN, "a"), (TEN, "a"))
        assert last.story[1] == "It does not call update(), so what is remembered stays 1."

    def test_a_dict_with_changes_is_counted(self):
        body = 'state.update({"n": len(state.get()) if state.exists else 0, "k": key})'
        assert after(body, (TEN, "a"), (TEN, "a")).story[1] == "It stores n = 2 in place of 0."

    def test_a_failure_ends_the_query(self):
        last = after("state.update(1)\n1 / 0", (TEN, "a"))
        assert last.story[1:] == (
            "The function fails on line 3: ZeroDivisionError.",
            "In Spark that ends the query, and everything that this batch did is lost: nothing new is remembered.",
        )

    def test_calls_before_a_failure_in_the_same_batch_are_lost_too(self):
        code = 'def updateState(key, values, state):\n    state.update(1)\n    if key == "b": 1 / 0\n'
        first = at(replayed(code, (TEN, "a b")), 0)
        assert first.story[-1].startswith("A later call in this batch failed: Spark keeps nothing of the batch")


class TestFailures:
    def test_the_error_stands_with_its_line_and_advice(self):
        failure = after("x = state.get()", (TEN, "a")).failure
        assert (failure.error_class, failure.line) == ("java.util.NoSuchElementException", 2)
        assert failure.code_line == "x = state.get()"
        assert failure.advice.startswith("Ask first")

    def test_a_function_that_cannot_be_loaded_has_a_failure_and_no_steps(self):
        trace = replayed("def updateState(:\n", (TEN, "a"))
        assert len(Steps(trace)) == 0
        assert (failure_of(trace).error_class, failure_of(trace).line) == ("SyntaxError", 1)

    def test_lines_are_counted_as_python_counts_them(self):
        trace = replayed("x = '\x0c'\r\ndef updateState(key, values, state):\r\n    1 / 0\r\n", (TEN, "a"))
        assert at(trace, 0).failure.code_line == "1 / 0"

    def test_a_replay_that_completed_has_none(self, tutorial):
        assert failure_of(tutorial["spark"]) is None

    def test_a_replay_that_broke_off_tells_it_at_its_last_call(self, tutorial):
        error = ErrorRecord("RuntimeError", "the worker died")
        broken = msgspec.structs.replace(tutorial["spark"], ending="worker_died", error=error)
        assert at(broken, -1).failure.message == "the worker died"
        assert at(broken, -2).failure is None


class TestQuietSteps:
    def test_a_batch_without_data_says_why_it_ran_and_what_it_waits_for(self):
        quiet = at(replayed(TUTORIAL, (TEN, "hello"), (TEN + MINUTE_MS, "")), 1)
        assert (quiet.title, quiet.why) == ("Batch 2: nothing was called", "No rows came.")
        assert quiet.story[0].startswith("With processing-time timeouts every trigger runs a batch")
        assert quiet.story[1] == (
            "No timeout was due: the next one, of hello, waits for the first trigger after 10:10."
        )

    def test_a_batch_whose_rows_were_all_late_names_the_rule_and_both_watermarks(self):
        rows = [[{"k": "a", "ts": TEN + minutes * MINUTE_MS}] for minutes in (60, 120, 0)]
        trace = replayed(
            NOTHING,
            *((TEN, batch) for batch in rows),
            watermark=Watermark("ts", "10 minutes"),
            timeout_conf="EventTimeTimeout",
        )
        late = at(trace, 2)
        assert late.dropped.rows == (("a", "10:00"),)
        assert late.story[0] == "All rows of the batch came too late and were dropped: 1 row."
        assert "here 10:50 (this batch's own is 11:50)" in late.story[1]
        assert facts(late)["late if at or before"] == "10:50 · 1 row dropped"
        assert late.rules[0].endswith("(rule 0.12)")

    def test_before_the_first_data_no_batch_runs(self):
        first = at(replayed(TUTORIAL, (TEN, ""), (TEN, "a")), 0)
        assert first.title == "No batch ran"
        assert first.story[1].startswith("Before the first batch with data")

    def test_after_a_restart_timeouts_wait_for_data(self):
        trace = replayed(TUTORIAL, (TEN, "a"), (TEN + 20 * MINUTE_MS, ""), restart_before=[1])
        assert at(trace, 1).story[1].startswith("The query was restarted")

    def test_without_timeouts_there_is_nothing_to_run_for(self):
        trace = replayed(NOTHING, (TEN, "a"), (TEN, ""), timeout_conf="NoTimeout")
        assert at(trace, 1).story[1] == "The query has no timeouts, so there is nothing else to run a batch for."

    def test_a_watermark_that_stands_still_runs_nothing(self):
        trace = replayed(
            NOTHING,
            (TEN, [{"k": "a", "ts": TEN}]),
            (TEN, ""),
            (TEN, ""),
            watermark=Watermark("ts", "0 seconds"),
            timeout_conf="EventTimeTimeout",
        )
        assert at(trace, 1).story[0].startswith("No data came, but the watermark moved")
        assert at(trace, 2).story[1].startswith("The watermark has not moved")

    def test_no_data_batches_can_be_off(self):
        off = {"spark.sql.streaming.noDataMicroBatches.enabled": "false"}
        trace = replayed(TUTORIAL, (TEN, "a"), (TEN + 20 * MINUTE_MS, ""), conf=off)
        assert "noDataMicroBatches.enabled is off" in at(trace, 1).story[1]


def _texts(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for item in data.values():
            yield from _texts(item)
    elif isinstance(data, (list, tuple)):
        for item in data:
            yield from _texts(item)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_nothing_that_users_write_can_hide_or_reorder_what_is_shown(text):
    code = "def updateState(key, values, state):\n    state.update({key: list(values)})\n    print(key)\n"
    code += "    return [{key: key}]\n"
    trace = replayed(code, (TEN, [{"word": text}]))
    shown = msgspec.to_builtins(at(trace, 0))
    assert all(part.isprintable() for text in _texts(shown) for part in text.replace("\t", "\n").split("\n"))


class CountedLog(CallLog):
    """A log that tells which calls were read."""

    def __init__(self, log):
        super().__init__(log.data, log.starts, log.ends)
        self.reads = []

    def __getitem__(self, index):
        self.reads.append(index)
        return super().__getitem__(index)


def test_a_step_of_a_long_trace_reads_only_its_own_call():
    trace = replayed(TUTORIAL, *((TEN + i, "a b c") for i in range(50)))
    counted = msgspec.structs.replace(trace, calls=CountedLog(trace.calls))
    at(counted, 0)  # the index of all calls is made at the first step
    counted.calls.reads.clear()
    at(counted, 100)
    assert counted.calls.reads == [100]
