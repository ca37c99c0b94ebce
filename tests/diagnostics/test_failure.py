"""The error that ended a replay is the first finding."""

from engine.diagnostics import findings
from tests.diagnostics.found import found
from tests.helpers import TUTORIAL, replayed


def test_a_failing_call_is_named_with_its_line():
    failed = findings(replayed("def updateState(key, values, state):\n    return state.get()\n", (0, "a")))[0]
    assert (failed.id, failed.severity, failed.line, failed.call_index) == ("query-failed", "error", 2, 0)
    assert failed.title == "java.util.NoSuchElementException in call 1"
    assert failed.fix.startswith("Ask first")


def test_a_query_that_spark_refuses_has_no_call():
    failed = found(replayed(TUTORIAL, (0, "a"), output_mode="complete"))["query-failed"]
    assert (failed.title, failed.call_index, failed.trigger) == ("Spark refuses the query", None, None)


def test_a_function_that_cannot_be_loaded_is_named_by_its_error():
    failed = found(replayed("def updateState(:\n", (0, "a")))["query-failed"]
    assert (failed.title, failed.line) == ("SyntaxError", 1)


def test_a_replay_that_completed_has_no_error():
    assert "query-failed" not in found(replayed(TUTORIAL, (0, "a")))
