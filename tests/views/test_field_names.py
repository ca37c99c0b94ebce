"""What is remembered under a schema is told by the names of its fields, not by their places."""

from engine.debugger.steps import Steps
from engine.views.inspector import inspect
from engine.views.tables import all_calls, call_page
from tests.helpers import processor_scenario, replayed_in_pandas, trace_of

SESSION = """\
def fn(key, pdfs, state):
    n, since_ms = state.get if state.exists else (0, 0)
    state.update((n + 1, 1704103200000 + n * 60000))
    yield pd.DataFrame({"info": ["x"]})
"""


def test_the_fields_of_a_declared_state_have_their_names_and_their_times():
    trace = replayed_in_pandas(SESSION, (0, "a"), (1000, "a"), state_schema="n long, since long")
    first, second = (inspect(trace, Steps(trace).at(index)) for index in (0, 1))
    assert first.after == "n = 1, since = 1704103200000"
    assert [change.field for change in second.difference.changes] == ["n", "since"]
    assert second.difference.changes[1].after == "1704103260000 (1 Jan 2024 10:01)"
    assert second.difference.changes[1].delta == "↑ 1 min"
    assert "Spark hands over what is remembered of a from call 1: n = 1, since = 1704103200000." in second.story
    logged = call_page(trace, all_calls(trace), 1).frame
    assert list(logged["after"]) == [
        "n = 1, since = 1704103200000",
        "n = 2, since = 1704103260000",
    ]


def test_the_only_field_of_a_state_has_its_name_too():
    code = "def fn(key, pdfs, state):\n    state.update((state.get[0] + 1 if state.exists else 1,))\n    return []\n"
    trace = replayed_in_pandas(code, (0, "a"), (1000, "a"), state_schema="n long")
    step = inspect(trace, Steps(trace).at(1))
    assert (step.before, step.after) == ("n = 1", "n = 2")
    assert "It stores n = 2 in place of 1." in step.story


def test_several_fields_in_one_state_variable_have_their_names():
    code = (
        "class Processor(StatefulProcessor):\n"
        "    def init(self, handle):\n        self.total = handle.getValueState('total', 'sum double, n long')\n"
        "    def handleInputRows(self, key, rows, timerValues):\n"
        "        s, n = self.total.get() if self.total.exists() else (0.0, 0)\n"
        "        self.total.update((s + 1.5, n + 1))\n        return iter(())\n"
    )
    trace = trace_of(processor_scenario(code, (0, "a"), (1000, "a")))
    last = next(
        step for step in map(Steps(trace).at, reversed(range(len(Steps(trace))))) if inspect(trace, step).variables
    )
    (total,) = inspect(trace, last).variables
    assert total.after == '{"sum": 3.0, "n": 2}'
    assert [(change.field, change.before, change.after) for change in total.difference.changes] == [
        ("sum", "1.5", "3.0"),
        ("n", "1", "2"),
    ]
