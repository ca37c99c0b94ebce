"""The user's mistakes in updateState: each ends as data, with class, message, line and call, and all before it stays."""

import pytest

from engine.model.scenario import Watermark
from tests.helpers import replayed, transcript


def failing(body: str, *batches, **fields):
    code = "def updateState(key, values, state):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    trace = replayed(code, *(batches or ((0, "a"),)), **fields)
    assert trace.error is not None, "nothing failed"
    return trace


def test_an_exception_in_the_third_batch_ends_the_trace_there_and_keeps_what_was_before():
    body = "count = (state.get() if state.exists else 0) + 1\nstate.update(count)\nreturn [(10 // (3 - count),)]"
    trace = failing(body, (0, "a"), (1, "a"), (2, "a b"), (3, "a"))
    assert trace.ending == "user_error"
    assert (trace.error.error_class, trace.error.message) == (
        "ZeroDivisionError",
        "integer division or modulo by zero",
    )
    assert (trace.error.line, trace.error.batch_id, trace.error.key) == (4, 2, ("a",))
    assert "line 4, in updateState: return [(10 // (3 - count),)]" in trace.error.traceback
    assert [batch.committed for batch in trace.batches] == [True, True, False]
    assert transcript(trace)[2] == "batch 2: a data(1) 2 -> 2, ZeroDivisionError"


def test_a_syntax_error_is_told_with_its_line_and_place():
    trace = replayed("def updateState(key, values, state)\n    return []\n", (0, "a"))
    assert (trace.ending, trace.error.error_class, trace.error.line) == ("user_error", "SyntaxError", 1)
    assert "^" in trace.error.traceback
    assert trace.batches == ()


def test_a_wrong_name_is_told_with_its_line():
    trace = failing("return [(nonsense,)]")
    assert (trace.error.error_class, trace.error.line) == ("NameError", 2)


def test_an_error_while_the_module_loads_is_told_before_any_batch():
    trace = replayed("import json\nlimit = 1 / 0\ndef updateState(key, values, state): pass\n", (0, "a"))
    assert (trace.error.error_class, trace.error.line, trace.error.batch_id) == ("ZeroDivisionError", 2, None)


@pytest.mark.parametrize("parameters", ["key, values", "", "key, values, state, more"])
def test_a_wrong_number_of_parameters_is_told_at_the_definition(parameters):
    trace = replayed(f"\ndef updateState({parameters}):\n    return []\n", (0, "a"))
    assert (trace.error.error_class, trace.error.line) == ("TypeError", 2)
    assert "key, values, state" in trace.error.advice


def test_the_only_function_with_three_parameters_is_found_whatever_its_name():
    code = "def helper(x): return x\ndef count(word, seen, memory):\n    return [(helper(word),)]\n"
    assert replayed(code, (0, "a")).calls[0].output == [["a"]]


def test_without_a_function_or_with_several_the_question_is_clear():
    assert "no function to call" in replayed("x = 1", (0, "a")).error.message
    two = "def one(key, values, state): pass\ndef two(key, values, state): pass\n"
    assert "one, two" in replayed(two, (0, "a")).error.message
    assert replayed(two, (0, "a"), entry="two").ending == "completed"
    assert "no function named 'three'" in replayed(two, (0, "a"), entry="three").error.message


@pytest.mark.parametrize(
    ("raises", "name"),
    [
        ("import sys; sys.exit()", "SystemExit"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_leaving_the_program_is_an_error_of_the_call(raises, name):
    assert failing(raises).error.error_class == name


def test_endless_recursion_is_told_with_both_ends_of_its_traceback():
    trace = replayed("def updateState(key, values, state):\n    return updateState(key, values, state)\n", (0, "a"))
    assert (trace.error.error_class, trace.error.line) == ("RecursionError", 2)
    assert len(trace.error.traceback.splitlines()) == 20


def test_state_that_is_not_there_raises_what_the_jvm_raises_and_says_how_to_ask_first():
    error = failing("state.get()", semantics="spark").error
    assert error.error_class == "java.util.NoSuchElementException"
    assert error.message == "State is either not defined or has already been removed"
    assert "state.exists" in error.advice


@pytest.mark.parametrize(
    ("body", "conf", "message"),
    [
        ("state.update(None)", None, "'null' is not a valid state value"),
        ("state.setTimeoutDuration(0)", None, "Timeout duration must be positive"),
        ("state.setTimeoutDuration('0 seconds')", None, "Timeout duration must be positive"),
        ("state.setTimeoutDuration('-1 minute')", None, "Provided duration (-1 minute) is negative"),
        (
            "state.setTimeoutTimestamp(5)",
            None,
            "Cannot set timeout timestamp without enabling event time timeout in [map|flatMapGroupsWithState.",
        ),
        (
            "state.setTimeoutDuration(5)",
            "NoTimeout",
            "Cannot set timeout duration without enabling processing time timeout in [map|flatMap]GroupsWithState.",
        ),
        (
            "state.getCurrentWatermarkMs()",
            None,
            "Cannot get event time watermark timestamp without setting watermark before [map|flatMap]GroupsWithState.",
        ),
    ],
)
def test_the_state_object_refuses_in_sparks_own_words(body, conf, message):
    trace = failing(body, timeout_conf=conf)
    assert trace.error.message == message
    assert trace.error.line == 2


def test_a_timeout_behind_the_watermark_names_both_times_and_the_clamp():
    body = "state.setTimeoutTimestamp(49999 if state.getCurrentWatermarkMs() else 1)"
    rows = [(0, [{"k": "a", "ts": 50_000}]), (1, []), (2, [{"k": "a", "ts": 60_000}])]
    trace = failing(body, *rows, key="k", timeout_conf="EventTimeTimeout", watermark=Watermark("ts", "0 seconds"))
    assert trace.error.message == "Timeout timestamp (49999) cannot be earlier than the current watermark (50000)"
    assert "max(" in trace.error.advice


def test_an_operation_that_was_refused_and_caught_is_still_seen():
    code = (
        "def updateState(key, values, state):\n    try:\n        state.update(None)\n"
        "    except Exception:\n        pass\n"
    )
    operation = replayed(code, (0, "a")).calls[0].operations[0]
    assert operation[:2] == ["update", [None]]
    assert operation[2]["raises"]["class"] == "java.lang.IllegalArgumentException"


@pytest.mark.parametrize("returned", ["'hello'", "5", "(key, 1)", "{'a': 1}", "Row(a=1)"])
def test_a_row_that_is_not_in_a_list_is_refused_with_the_fix(returned):
    error = failing(f"return {returned}").error
    assert error.error_class == "TypeError"
    assert "return [" in error.advice


def test_what_cannot_be_stored_is_refused_where_it_is_stored():
    error = failing("state.update(x for x in [])").error
    assert (error.error_class, error.line) == ("TypeError", 2)
    assert "cannot be stored" in error.message


def test_an_exception_whose_message_cannot_be_read_is_told_all_the_same():
    code = (
        "class Odd(Exception):\n    def __str__(self): raise ValueError\n"
        "def updateState(key, values, state): raise Odd\n"
    )
    assert replayed(code, (0, "a")).error.error_class == "Odd"


def test_event_time_timeouts_need_a_watermark_and_spark_says_so_before_the_first_batch():
    trace = replayed("def updateState(key, values, state): pass", (0, "a"), timeout_conf="EventTimeTimeout")
    assert (trace.ending, trace.error.error_class, trace.batches) == ("plan_error", "AnalysisException", ())


def test_rows_without_end_reach_a_limit_that_names_the_line():
    trace = failing("while True:\n    yield (key,)")
    assert (trace.ending, trace.error.message) == (
        "output_limit",
        "one call returned more than the 100,000 rows that it may return",
    )
    assert trace.error.line == 3
