"""A call line by line in words: what ran, what it did to the state and to the variables, and what is not the whole truth."""

from engine.lines.answer import answer_here
from engine.model.lines import LinesOfCall
from engine.views.lines import CallMoments, call_moments
from tests.helpers import TUTORIAL, pandas_scenario, scenario, trace_of


def moments(made, call_index: int = 0) -> CallMoments:
    return call_moments(trace_of(made), answer_here(made, LinesOfCall(call_index)))


def test_state_operations_are_seen_at_their_line():
    shown = moments(scenario(TUTORIAL, (0, "hello hello")))
    texts = {moment.code: [operation.text for operation in moment.operations] for moment in shown.moments}
    assert texts["state.update(count)"] == ["update(2)"]
    assert texts['state.setTimeoutDuration("10 minutes")'] == ["setTimeoutDuration 10 minutes"]


def test_an_operation_in_a_loop_is_seen_in_the_round_that_did_it():
    code = "def updateState(key, values, state):\n    for n in range(3):\n        if n == 1: state.update(n)\n"
    shown = moments(scenario(code, (0, "a")))
    done = [(moment.line, moment.visit) for moment in shown.moments if moment.operations]
    assert done == [(3, 2)]


def test_an_operation_in_a_comprehension_belongs_to_the_line_around_it():
    code = "def updateState(key, values, state):\n    [state.update(n) for n in range(2)]\n"
    (line,) = [moment for moment in moments(scenario(code, (0, "a"))).moments if moment.operations]
    assert [operation.text for operation in line.operations] == ["update(0)", "update(1)"]


def test_words_say_what_a_line_did_besides_its_variables():
    code = "def one():\n    return 1\n\ndef updateState(key, values, state):\n    return [one()]\n"
    happened = [moment.happened for moment in moments(scenario(code, (0, "a"))).moments]
    assert happened == ["updateState begins", "calls a function of yours", "one begins", "returns 1", "returns [1]"]


def test_lines_are_counted_by_how_often_they_began_also_when_they_call_themselves():
    code = """\
def sum_to(n):
    return n + sum_to(n - 1) if n else 0

def updateState(key, values, state):
    return [sum_to(3)]
"""
    shown = moments(scenario(code, (0, "a")))
    assert shown.hits == {2: 4, 5: 1}
    visit_3 = shown.moments[shown.at(2, 3)]
    assert (visit_3.depth, visit_3.visit) == (3, 3)


def test_a_caught_exception_and_one_that_ends_the_call_are_told_apart():
    code = "def updateState(key, values, state):\n    try:\n        {}[1]\n    except KeyError:\n        1 / 0\n"
    told = [
        (moment.failure, moment.is_caught) for moment in moments(scenario(code, (0, "a"))).moments if moment.failure
    ]
    assert told == [("KeyError: 1", True), ("ZeroDivisionError: division by zero", False)]


def test_a_frame_is_shown_as_a_table_with_what_is_left_of_it():
    code = "def fn(key, pdfs, state):\n    for pdf in pdfs:\n        yield pd.DataFrame({'info': pdf.k})\n"
    shown = moments(pandas_scenario(code, (0, "a" * 20)))
    table = shown.moments[1].changed[0].table
    assert (table.names, table.rows[1], table.more) == (("k", "v"), ("'a'", "1"), 14)


def test_a_function_that_depends_on_what_is_left_behind_is_found_out():
    """Here another process starts with an empty module; only what the function itself keeps alive can differ."""
    made = scenario("def updateState(key, values, state):\n    return [(key, 1)]\n", (0, "a"))
    other = scenario("def updateState(key, values, state):\n    print(1)\n    return [(key, 2)]\n", (0, "a"))
    (note,) = call_moments(trace_of(made), answer_here(other, LinesOfCall(0))).notes
    assert "its rows, what it printed" in note
    assert moments(made).notes == ()


def test_nan_is_no_difference():
    code = "def updateState(key, values, state):\n    return [(key, float('nan'))]\n"
    assert moments(scenario(code, (0, "a"))).notes == ()


def test_what_was_cut_and_what_never_came_is_said():
    long = "def updateState(key, values, state):\n    for n in range(100_000):\n        pass\n"
    (note,) = moments(scenario(long, (0, "a"))).notes
    assert note == "Cut here: the first 10,000 lines of this call are shown. Lines are counted up to there."


def test_hostile_text_is_made_visible():
    code = "def updateState(key, values, state):\n    text = 'a\\u202eb'\n"
    shown = moments(scenario(code, (0, "a")))
    assert "\u202e" not in shown.moments[1].changed[0].text


def test_the_text_of_a_line_is_that_of_the_line_python_counts():
    code = 'RULE = "a\x0cb\u2028c"\n\ndef updateState(key, values, state):\n    return []\n'
    assert [moment.code for moment in moments(scenario(code, (0, "a"))).moments][-1] == "return []"
