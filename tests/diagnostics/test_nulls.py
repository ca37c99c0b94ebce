"""Silent NULLs: a value that its field does not take, a column that is not there. NULLs that were given are no findings."""

import pytest

from engine.codec.trace_json import trace_to_data
from tests.diagnostics.found import found
from tests.helpers import replayed, replayed_in_pandas, replayed_processor

STORES = "def fn(key, pdfs, state):\n    state.update({})\n    return []\n"
GIVES = "def fn(key, pdfs, state):\n    yield pd.DataFrame({})\n"
PROCESSOR = """\
class Sum(StatefulProcessor):
    def init(self, handle):
        self.total = handle.getValueState("total", "total long")
    def handleInputRows(self, key, rows, timerValues):
        self.total.update(({},))
        return iter([])
    def close(self):
        pass
"""


def storing(value, state_schema="n long"):
    return found(replayed_in_pandas(STORES.format(value), (0, "ab"), state_schema=state_schema))


def giving(frame, output_schema="word string, count long"):
    return replayed_in_pandas(GIVES.format(frame), (0, "ab"), output_schema=output_schema)


class TestStoredAsNull:
    @pytest.mark.parametrize(
        ("value", "schema", "title", "code"),
        [
            ("(1.5,)", "n long", "n was stored as NULL (2 times)", "state.update((int(n),))"),
            ("('7', 2)", "a long, b long", "a was stored as NULL (2 times)", "state.update((int(a), b))"),
            ("(2,)", "mean double", "mean was stored as NULL (2 times)", "state.update((float(mean),))"),
            ("([1, 2.5],)", "seen array<long>", "seen was stored as NULL (2 times)", ""),
            ("[[1]]", "n long", "n was stored as NULL (2 times)", ""),
            ("{'n': 1}", "n long", "A dict was stored as its names (2 times)", 'state.update((values["n"],))'),
            ("dict(n='x')", "n string", "A dict was stored as its names (2 times)", 'state.update((values["n"],))'),
        ],
    )
    def test_it_names_the_field_and_gives_the_conversion(self, value, schema, title, code):
        finding = storing(value, schema)["stored-as-null"]
        assert (finding.title, finding.code, finding.line, finding.call_index) == (title, code, 2, 0)

    def test_the_state_variable_of_a_processor_is_watched_too(self):
        finding = found(replayed_processor(PROCESSOR.format("1.5"), (0, "a")))["stored-as-null"]
        assert (finding.title, finding.line) == ("total was stored as NULL (1 time)", 5)
        assert "stored-as-null" not in found(replayed_processor(PROCESSOR.format("1"), (0, "a")))

    @pytest.mark.parametrize(
        ("value", "schema"),
        [
            ("(1,)", "n long"),
            ("(None,)", "n long"),
            ("(float('nan'),)", "mean double"),
            ("(float('nan'),)", "n long"),
            ("('x', [1, None])", "name string, seen array<long>"),
            ("(pd.NaT,)", "at timestamp"),
        ],
    )
    def test_it_does_not_fire_for_values_that_fit_and_for_nulls_that_were_given(self, value, schema):
        assert "stored-as-null" not in storing(value, schema)

    def test_only_what_was_stored_last_counts(self):
        code = "def fn(key, pdfs, state):\n    state.update((1.5,))\n    state.update((1,))\n    return []\n"
        assert "stored-as-null" not in found(replayed_in_pandas(code, (0, "a")))


class TestOutputColumnIsNull:
    def test_it_names_the_column_and_what_was_given_instead(self):
        trace = giving("{'word': ['a'], 'cnt': [1]}")
        finding = found(trace)["output-column-is-null"]
        assert finding.title == "No column count in the output: it is NULL (2 times)"
        assert "It gave cnt, which the schema does not name" in finding.why
        assert finding.code == 'yield pd.DataFrame({"word": [word], "count": [count]})'
        assert (finding.line, finding.call_index) == (2, 0)

    def test_the_trace_file_tells_which_columns_were_given(self):
        calls = trace_to_data(giving("{'word': ['a'], 'cnt': [1]}"))["batches"][0]["calls"]
        assert [call["given_columns"] for call in calls] == [["word", "cnt"]] * 2
        assert "given_columns" not in trace_to_data(giving("{'word': ['a'], 'count': [1]}"))["batches"][0]["calls"][0]

    ROWS = """\
class Names(StatefulProcessor):
    def init(self, handle): pass
    def handleInputRows(self, key, rows, timerValues):
        yield Row({})
    def close(self): pass
"""

    @pytest.mark.parametrize(("fields", "fires"), [("inf='x'", True), ("info='x'", False), ("info=key[0]", False)])
    def test_a_field_of_another_name_is_found_by_what_never_came(self, fields, fires):
        told = found(replayed_processor(self.ROWS.format(fields), (0, "ab")))
        assert ("output-column-is-null" in told) is fires
        assert not fires or told["output-column-is-null"].title == "info is NULL in every row of the output"

    def test_a_tuple_has_its_nulls_on_purpose_and_a_dict_may_have_forgotten_them(self):
        code = "def updateState(key, values, state):\n    return [{}]\n"
        rows = {"output_schema": "word string, note string"}
        assert "output-column-is-null" not in found(replayed(code.format("(key, None)"), (0, "a b"), **rows))
        assert "output-column-is-null" in found(replayed(code.format("{'word': key}"), (0, "a b"), **rows))

    def test_one_null_says_nothing_yet(self):
        assert "output-column-is-null" not in found(replayed_processor(self.ROWS.format("inf='x'"), (0, "a")))

    @pytest.mark.parametrize("frame", ["{'count': [1], 'word': ['a']}", "{'word': ['a'], 'count': [None]}", ""])
    def test_it_does_not_fire_for_another_order_a_null_on_purpose_and_no_rows(self, frame):
        assert "output-column-is-null" not in found(giving(frame))
