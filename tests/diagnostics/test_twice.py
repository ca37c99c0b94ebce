"""Two replays side by side: what differs first is told. How the second one is made is the runner's; here it is made by hand."""

from engine.diagnostics import findings, findings_of_two
from engine.run_here import run_here
from tests.helpers import TUTORIAL, replayed, scenario

COUNTS = """\
calls = 0
def updateState(key, values, state):
    global calls
    calls += 1
    state.update(calls)
"""
STREAM = ((0, "a b"), (1000, "a"))


def test_the_first_call_that_differs_is_named_with_both_of_its_sides():
    made = scenario(COUNTS, *STREAM)
    found = findings_of_two(run_here(made), run_here(made, names_anew=True))
    finding = next(finding for finding in found if finding.id == "replays-differ")
    assert (finding.title, finding.call_index, finding.count) == ("A second replay went differently (1 call)", 2, 1)
    assert finding.why.startswith("Call 3, for a: its state is 3, and was 1 in the second replay.")


def test_it_stands_among_the_others_in_the_order_of_the_table():
    made = scenario(COUNTS, *STREAM)
    ids = [finding.id for finding in findings_of_two(run_here(made), run_here(made, names_anew=True))]
    assert ids.index("replays-differ") < ids.index("module-level-state") < ids.index("nothing-is-returned")


def test_a_call_that_only_one_of_them_made_is_told_as_that():
    longer = replayed(TUTORIAL, (0, "a b"))
    shorter = replayed(TUTORIAL, (0, "a"))
    told = {finding.id: finding.why for finding in findings_of_two(longer, shorter)}["replays-differ"]
    assert told.startswith("Call 2, for b, was not made in the second replay.")
    told = {finding.id: finding.why for finding in findings_of_two(shorter, longer)}["replays-differ"]
    assert told.startswith("A call for b in batch 1 was made in the second replay only.")


def test_two_that_agree_add_nothing():
    trace = replayed(TUTORIAL, *STREAM)
    assert findings_of_two(trace, replayed(TUTORIAL, *STREAM)) == findings(trace)


def test_a_nan_and_the_address_of_an_object_are_no_difference():
    code = "def updateState(key, values, state):\n    return [(float('nan'), str(object()))]\n"
    trace = replayed(code, *STREAM)
    assert findings_of_two(trace, replayed(code, *STREAM)) == findings(trace)


def test_what_differs_at_the_end_of_a_long_value_is_found():
    code = "def updateState(key, values, state):\n    return ['x' * 500 + '{}']\n"
    found = findings_of_two(replayed(code.format(1), *STREAM), replayed(code.format(2), *STREAM))
    assert "replays-differ" in [finding.id for finding in found]


def test_a_replay_that_was_broken_off_is_compared_with_nothing():
    trace = replayed(COUNTS, *STREAM)
    endless = replayed(COUNTS + "    print('x' * 2_000_000)\n", *STREAM)
    assert endless.ending == "output_limit"
    assert findings_of_two(trace, endless) == findings(trace)
