"""The methods of a StatefulProcessor are looked into like any function: lines, operations by variable, watches."""

from engine.model.lines import Watch
from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario
from tests.helpers import trace_of
from tests.lines.told import lines_of, told, watched

COUNTER = """\
class Counter(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState("total", "n long")

    def handleInputRows(self, key, rows, timerValues):
        n = self.total.get()[0] if self.total.exists() else 0
        for pdf in rows:
            n += len(pdf)
        self.total.update((n,))
        yield pd.DataFrame({"info": [str(n)]})

    def close(self):
        pass
"""
MADE = Scenario(
    api="transformWithStateInPandas",
    code=COUNTER,
    input_schema="k string",
    key="k",
    output_schema="info string",
    time_mode="None",
    batches=[Batch(time_ms, Rows.from_dicts([{"k": "a"}, {"k": "a"}])) for time_ms in (0, 1000)],
)
DATA_CALLS = [index for index, call in enumerate(trace_of(MADE).calls) if call.reason == "data"]


def test_a_method_is_told_line_by_line_with_what_it_did_to_its_variables():
    steps = told(lines_of(MADE, DATA_CALLS[1]))
    assert steps[1] == "6 n=2 .exists .get"
    assert "9 .update" in steps
    assert steps[-1] == "10 yield <DataFrame of 1 × 1>"
    assert "self=Counter(total=<ValueState>)" in steps[0]


def test_a_watch_is_asked_in_every_method_also_in_those_without_a_key():
    answer = watched(MADE, watches=(Watch("n"), Watch("before"), Watch("key")))
    values = {(found.watch, found.call_index): found.value and found.value.text for found in answer.values}
    assert [values[0, index] for index in DATA_CALLS] == ["2", "4"]
    assert [values[1, index] for index in DATA_CALLS] == ["None", "{'total': (2,)}"]
    assert values[2, 0] == "None"
    assert answer.ending == "completed"
