"""How updateState is called and what becomes of its output; its errors have a file of their own."""

import pytest

from tests.helpers import replayed

OUT = "def updateState(key, values, state):\n    {}\n"


def names_and_rows(body: str, **fields):
    trace = replayed(OUT.format(body), (0, "a"), **fields)
    assert trace.ending == "completed", trace.error
    return trace.output_names, trace.calls[0].output


@pytest.mark.parametrize(
    ("body", "names", "rows"),
    [
        ("count = 1; return [(key, count)]", ("key", "count"), [["a", 1]]),
        ("return [(key, 1 + 1)]", ("key", "_2"), [["a", 2]]),
        ("yield (key, 1); yield (key, 2)", ("key", "_2"), [["a", 1], ["a", 2]]),
        ("return [{'word': key, 'n': 1}]", ("word", "n"), [["a", 1]]),
        ("return [Row(word=key, n=1)]", ("word", "n"), [["a", 1]]),
        ("return [{1: key}, {1: key}]", ("1",), [["a"], ["a"]]),
        (
            "import collections; Seen = collections.namedtuple('Seen', 'w n'); return [Seen(key, 1)]",
            ("w", "n"),
            [["a", 1]],
        ),
        ("return [key, 'b']", ("value",), [["a"], ["b"]]),
        ("return ((key, 1), (key, 2))", ("_1", "_2"), [["a", 1], ["a", 2]]),
        ("return None", (), []),
        ("return iter([])", (), []),
    ],
)
def test_rows_may_be_tuples_dicts_rows_or_bare_values_and_name_their_columns(body, names, rows):
    assert names_and_rows(body) == (names, rows)


def test_the_output_schema_names_the_columns_and_refuses_a_row_of_another_length():
    assert names_and_rows("return [(key, 1)]", output_schema="word string, count long")[0] == ("word", "count")
    trace = replayed(OUT.format("return [(key,)]"), (0, "a"), output_schema="word string, count long")
    assert "1 values, but the output schema names 2" in trace.error.message


def test_a_row_with_several_columns_is_a_row_by_name_and_by_position():
    body = "v = list(values)[0]; return [(v.amount, v['amount'], v[1], v.asDict()['amount'])]"
    trace = replayed(OUT.format(body), (0, [{"user": "u", "amount": 5}]))
    assert trace.calls[0].output == [[5, 5, 5, 5]]


def test_what_a_call_prints_stays_with_the_call_and_what_loading_prints_with_the_trace():
    trace = replayed("print('loading')\ndef updateState(key, values, state): print('seen', key)\n", (0, "a b"))
    assert trace.printed_at_load == "loading\n"
    assert [call.printed for call in trace.calls] == ["seen a\n", "seen b\n"]


def test_operations_are_kept_in_order_with_their_lines_and_times_in_milliseconds():
    code = (
        "def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration('1 hour 30 minutes')\n"
    )
    call = replayed(code, (0, "a")).calls[0]
    assert call.operations == [["update", [1]], ["setTimeoutDuration", [5_400_000]]]
    assert call.operation_lines == [2, 3]


def test_the_line_of_an_operation_in_a_helper_is_the_helpers():
    code = "def keep(state):\n    state.update(1)\ndef updateState(key, values, state):\n    keep(state)\n"
    assert replayed(code, (0, "a")).calls[0].operation_lines == [2]


def test_type_hints_need_no_import_and_dataclasses_work():
    code = (
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Seen:\n    count: int = 0\n"
        "def updateState(key: str, values: Iterator[str], state: GroupState[Seen]) -> Iterator[Row]:\n"
        "    seen = state.getOption() or Seen()\n    seen.count += 1\n    state.update(seen)\n    return [(seen.count,)]\n"
    )
    trace = replayed(code, (0, "a"), (1, "a"), semantics="spark")
    assert [call.output for call in trace.calls] == [[[1]], [[2]]]
    assert trace.calls[1].after.value == {"count": 2}


@pytest.mark.parametrize(
    ("body", "unsaved"),
    [
        ("state.get()['n'] += 1", {"n": 2}),
        ("s = state.get(); s['n'] = 1", None),
        ("s = state.get(); s['n'] += 1; state.update(s)", None),
        ("s = state.get(); s['n'] += 1; state.remove()", None),
        ("pass", None),
    ],
)
def test_a_value_that_was_changed_but_not_stored_is_kept_as_unsaved(body, unsaved):
    code = f"def updateState(key, values, state):\n  if not state.exists: state.update({{'n': 1}})\n  else: {body}\n"
    trace = replayed(code, (0, "a"), (1, "a"))
    assert [call.unsaved for call in trace.calls] == [None, unsaved]


def test_a_value_that_cannot_be_compared_counts_as_unchanged():
    code = (
        "class Odd:\n    def __eq__(self, other): raise RuntimeError('no')\n"
        "def updateState(key, values, state):\n    state.get() if state.exists else state.update(Odd())\n"
    )
    trace = replayed(code, (0, "a"), (1, "a"))
    assert (trace.ending, trace.calls[1].unsaved) == ("completed", None)


def test_the_trace_says_what_the_function_is_called():
    assert replayed("def count_words(key, values, state): return []\n", (0, "a")).function_name == "count_words"


@pytest.mark.parametrize(("semantics", "rows_as"), [("tutorial", "list"), ("spark", "iterator")])
def test_the_trace_says_how_the_function_is_given_its_rows(semantics, rows_as):
    trace = replayed(OUT.format("return [(type(values).__name__,)]"), (0, "a"), semantics=semantics)
    assert (trace.rows_as, trace.calls[0].output) == (
        rows_as,
        [[{"list": "list", "iterator": "list_iterator"}[rows_as]]],
    )
