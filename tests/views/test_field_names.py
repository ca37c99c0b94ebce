"""What is remembered under a schema is told by the names of its fields, not by their places."""

import pytest

from engine import views
from engine.debugger.steps import Steps
from engine.views.inspector import inspect
from engine.views.tables import all_calls, call_page
from tests.helpers import MINUTE_MS, processor_scenario, replayed, replayed_in_pandas, replayed_processor, trace_of

TEN_OCLOCK_MS = 1704103200000

SESSION = """\
def fn(key, pdfs, state):
    n, since_ms = state.get if state.exists else (0, 0)
    state.update((n + 1, 1704103200000 + n * 60000))
    yield pd.DataFrame({"info": ["x"]})
"""


def test_the_fields_of_a_declared_state_have_their_names_and_their_times():
    trace = replayed_in_pandas(SESSION, (0, "a"), (1000, "a"), state_schema="n long, since long")
    first, second = (inspect(trace, Steps(trace).at(index)) for index in (0, 1))
    assert first.after == "n = 1, since = 1704103200000 (1 Jan 2024 10:00)"
    assert [change.field for change in second.difference.changes] == ["n", "since"]
    assert second.difference.changes[1].after == "1704103260000 (1 Jan 2024 10:01)"
    assert second.difference.changes[1].delta == "↑ 1 min"
    assert "Spark hands over what is remembered for a from call 1: n = 1, since = 1704103200000." in second.story
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


#: What changes in every call comes after what does not.
STEADY_FIRST = """\
def fn(key, pdfs, state):
    first_ms, n = state.get if state.exists else (1704103200000, 0)
    state.update((first_ms, n + 1))
    return []
"""
TOTALS = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState('total', 'sum double, n long', 60000)

    def handleInputRows(self, key, rows, timerValues):
        s, n = self.total.get() if self.total.exists() else (0.0, 0)
        self.total.update((s + 1.5, n + 1))
        return iter(())
"""


def drawn(trace):
    steps = Steps(trace)
    return views.picture(trace, steps, views.first_window(trace, steps), views.chosen_lanes(trace))


@pytest.fixture(scope="module")
def session():
    stream = ((TEN_OCLOCK_MS, "a"), (TEN_OCLOCK_MS + 1000, "a"))
    return replayed_in_pandas(SESSION, *stream, state_schema="n long, since long")


def test_the_reasons_of_a_state_have_the_names_of_its_fields(session):
    chain = views.origin(session, 1)
    assert chain.sentence(session).startswith("After call 2 a remembers n = 2, since = 1704103260000: 2 calls")
    page = views.origin_page(session, chain, 1).frame
    assert list(page["state before"]) == ["", "n = 1, since = 1704103200000"]
    assert list(page["state after"]) == ["n = 1, since = 1704103200000", "n = 2, since = 1704103260000"]


def test_what_an_event_changed_has_the_names_of_the_fields(session):
    why = list(views.event_page(session, 1).frame["why"])
    assert why[1] == "state n = 1, since = 1704103200000 → n = 2, since = 1704103260000, 1 row out"


def test_two_replays_are_compared_by_the_names_of_the_fields(session):
    stream = ((TEN_OCLOCK_MS, "a"), (TEN_OCLOCK_MS + 1000, "a"))
    faster = replayed_in_pandas(SESSION.replace("n + 1", "n + 3"), *stream, state_schema="n long, since long")
    first = views.compare(session, faster).differences[0]
    assert (first.before, first.now) == ("n = 1, since = 1704103200000", "n = 3, since = 1704103200000")


def test_bars_say_the_names_and_a_time_as_a_clock_shows_it(session):
    assert list(drawn(session).bars["label"]) == ["n = 1, since = 10:00", "n = 2, since = 10:01"]


def test_what_one_reads_over_the_picture_has_the_number_and_its_moment(session):
    made = drawn(session)
    assert made.bars["title"].iloc[1] == "a: n = 2, since = 1704103260000 (10:01)"
    assert made.calls["state"].iloc[1] == "n = 1, since = 1704103200000 (10:00) → n = 2, since = 1704103260000 (10:01)"


def test_beside_a_clock_that_began_at_zero_a_time_has_its_date():
    trace = replayed_in_pandas(SESSION, (0, "a"), state_schema="n long, since long")
    assert list(drawn(trace).bars["label"]) == ["n = 1, since = 1 Jan 2024 10:00"]


def test_a_bar_begins_with_what_its_call_changed():
    trace = replayed_in_pandas(
        STEADY_FIRST, (TEN_OCLOCK_MS, "a"), (TEN_OCLOCK_MS + 1, "a"), state_schema="first long, n long"
    )
    assert list(drawn(trace).bars["label"]) == ["first = 10:00, n = 1", "n = 2, first = 10:00"]


def test_where_names_have_no_room_a_bar_has_the_values_alone_those_that_changed_first():
    trace = replayed_in_pandas(
        STEADY_FIRST, (TEN_OCLOCK_MS, "a"), (TEN_OCLOCK_MS + 1, "a"), state_schema="first long, n long"
    )
    assert list(drawn(trace).bars["values"]) == ["10:00, 1", "2, 10:00"]


def test_the_inspector_says_a_time_beside_the_first_trigger(session):
    assert inspect(session, Steps(session).at(0)).after == "n = 1, since = 1704103200000 (10:00)"


def test_a_dict_without_a_schema_is_told_in_a_bar_as_fields_are():
    code = "def updateState(key, values, state):\n" + (
        "    seen = state.get() if state.exists else {'first': 1704103200000, 'n': 0}\n"
        "    state.update({**seen, 'n': seen['n'] + 1})\n"
    )
    trace = replayed(code, (TEN_OCLOCK_MS, "a"), (TEN_OCLOCK_MS + 1, "a"))
    assert list(drawn(trace).bars["label"]) == ["first=10:00, n=1", "n=2, first=10:00"]


def test_a_mapping_too_long_for_any_bar_keeps_its_order():
    code = "def updateState(key, values, state):\n" + (
        "    state.update({n: (n if n < 60 else state.exists) for n in range(61)})\n"
    )
    labels = drawn(replayed(code, (0, "a"), (1, "a"))).bars["label"]
    assert [label[:8] for label in labels] == ["0=0, 1=1"] * 2


def test_a_state_variable_of_several_fields_has_their_names_until_it_is_over():
    made = drawn(replayed_processor(TOTALS, (0, "a"), (2 * MINUTE_MS, "b")))
    assert list(made.bars["label"]) == ["sum=1.5, n=1"] * 2
    assert list(made.bars["values"]) == ["1.5, 1"] * 2
    assert made.ends["state"].iloc[0] == 'total = {"sum": 1.5, "n": 1} → nothing'


def test_what_spark_takes_out_of_the_store_has_the_names_too():
    trace = replayed_processor(TOTALS, (0, "a"), (2 * MINUTE_MS, "b"))
    steps = Steps(trace)
    told = [inspect(trace, steps.at(index)).removed for index in range(len(steps))]
    assert any('total = {"sum": 1.5, "n": 1} of a' in text for text in told), told


def test_only_whole_numbers_of_our_time_are_times():
    code = "def updateState(key, values, state):\n    state.update([1704103200000.0, True, 1704103200, 978307199999])\n"
    trace = replayed(code, (TEN_OCLOCK_MS, "a"))
    assert list(drawn(trace).bars["label"]) == ["1704103200000.0, True, 1704103200, 978307199999"]
