"""The heat map of a large trace."""

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.call_table import call_table
from engine.views.overview import MAX_COLUMNS, MAX_ROWS, Overview, overview
from engine.views.window import chosen_lanes
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_processor

COUNT = "def updateState(key, values, state):\n    state.update(len(values))\n    return []\n"


def stream(keys: int, triggers: int) -> Trace:
    batches = [(t, " ".join(f"k{k:03d}" for k in range(keys) if (t + k) % 3 == 0)) for t in range(triggers)]
    return replayed(COUNT, *batches)


def drawn(trace: Trace) -> Overview:
    return overview(trace, Steps(trace), chosen_lanes(trace))


def test_a_large_trace_fits_into_the_grid():
    cells = drawn(stream(130, 250)).cells
    assert cells["row"].nunique() <= MAX_ROWS
    assert cells["x"].nunique() <= MAX_COLUMNS


def test_every_call_is_in_one_cell():
    trace = stream(70, 130)
    counts = drawn(trace).cells["title"].astype("str").str.extract(r"(\d+)")[0].astype(int)
    assert counts.sum() == len(trace.calls)


def test_a_cell_leads_to_its_first_call():
    trace = stream(70, 130)
    row_of_lane = {place: row for row, place in enumerate(chosen_lanes(trace))}
    places = [
        (row_of_lane[call_table(trace).lane_of_call[index]], trace.batches[call.batch_index].trigger)
        for index, call in enumerate(trace.calls)
    ]
    for cell in drawn(trace).cells.iloc[::37].itertuples():
        inside = [i for i, (row, x) in enumerate(places) if cell.row <= row < cell.row2 and cell.x <= x < cell.x2]
        assert cell.call == inside[0]


def test_a_cell_names_its_keys_and_times():
    cells = drawn(stream(61, 121)).cells
    cell = cells.iloc[0]
    assert (cell["x"], cell["x2"], cell["row"], cell["row2"]) == (0, 2, 0, 2)
    assert cell["keys"] == "k000 to k003"
    assert cell["triggers"] == "start to +1 ms"
    assert (cells["x2"].max(), cells["row2"].max()) == (121, 61)


def test_keys_that_were_not_chosen_are_not_counted():
    trace = stream(10, 10)
    cells = overview(trace, Steps(trace), chosen_lanes(trace, search="k003")).cells
    assert set(cells["keys"]) == {"k003"}


def test_calls_without_a_key_are_not_counted():
    code = """\
class P(StatefulProcessor):
    def init(self, handle):
        pass

    def handleInputRows(self, key, rows, timerValues):
        return iter([])

    def close(self):
        pass
"""
    trace = replayed_processor(code, (0, [{"k": "a", "v": 1}]), (1, [{"k": "a", "v": 1}, {"k": "b", "v": 1}]))
    assert sorted(drawn(trace).cells["keys"]) == ["a", "a", "b"]


def test_nothing_chosen_is_an_empty_map():
    trace = stream(3, 3)
    assert overview(trace, Steps(trace), ()).cells.empty


def test_a_cell_tells_how_many_of_its_calls_timed_out():
    cells = drawn(replayed(TUTORIAL, (0, "a b"), (1, "a"), (11 * MINUTE_MS, ""))).cells
    assert list(cells[["triggers", "title", "timed_out"]].itertuples(index=False, name=None)) == [
        ("start", "1 call", 0.0),
        ("+1 ms", "1 call", 0.0),
        ("+11 min", "1 call, 1 timed out", 1.0),
        ("start", "1 call", 0.0),
        ("+11 min", "1 call, 1 timed out", 1.0),
    ]
    assert not cells["failed"].any()


def test_a_cell_with_a_failed_call_leads_to_it():
    fails_at_3 = (
        "def updateState(key, values, state):\n    1 / (3 - state.getCurrentProcessingTimeMs())\n    return []\n"
    )
    batches = [(t, "a") for t in range(MAX_COLUMNS * 2)]
    cells = drawn(replayed(fails_at_3, *batches)).cells
    assert list(cells[["title", "call", "failed"]].itertuples(index=False, name=None)) == [
        ("1 call", 0, False),
        ("1 call", 1, False),
        ("1 call", 2, False),
        ("1 call, 1 failed", 3, True),
    ]
