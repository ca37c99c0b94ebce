"""The heat map of a large trace."""

from engine.debugger.steps import Steps
from engine.model.trace import Trace
from engine.views.call_table import call_table
from engine.views.overview import MAX_COLUMNS, MAX_ROWS, Overview, overview
from engine.views.window import chosen_lanes
from tests.helpers import replayed

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


def test_nothing_chosen_is_an_empty_map():
    trace = stream(3, 3)
    assert overview(trace, Steps(trace), ()).cells.empty
