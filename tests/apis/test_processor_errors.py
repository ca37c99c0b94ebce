"""What a StatefulProcessor's author is told where Python or Spark refuses the class itself, or what it stores."""

import pytest

from tests.helpers import replayed_processor

KEEPS = """\
import enum
class Color(enum.Enum):
    RED = "red"
class Keeper(StatefulProcessor):
    def init(self, handle):
        self.kept = handle.getValueState("kept", "text string, at date")
        self.all = handle.getListState("all", "n long")
    def handleInputRows(self, key, rows, timerValues):
        {body}
        return []
"""


def replayed_body(body):
    return replayed_processor(KEEPS.format(body=body), (0, "a"))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "class P(StatefulProcessor):\n    def init(self, handle): pass\n",
            "Can't instantiate abstract class P with abstract method handleInputRows",
        ),
        (
            KEEPS.format(body="pass") + "    def __init__(self):\n        raise TypeError('no config')\n",
            "no config",
        ),
    ],
    ids=["a method is missing", "the constructor raises"],
)
def test_a_processor_that_cannot_be_made_fails_before_the_query(code, message):
    trace = replayed_processor(code, (0, "a"), entry="P" if "class P" in code else "Keeper")
    assert (trace.ending, trace.error.error_class, trace.error.message) == ("plan_error", "TypeError", message)
    assert not trace.batches


def test_a_handler_with_too_few_parameters_fails_when_it_is_called_and_is_told_what_to_write():
    code = KEEPS.format(body="pass").replace("key, rows, timerValues", "key, rows")
    trace = replayed_processor(code, (0, "a"))
    assert [call.reason for call in trace.calls] == ["init", "close", "init", "data"]
    assert trace.error.message == "Keeper.handleInputRows() takes 3 positional arguments but 4 were given"
    assert (trace.error.line, trace.error.advice) == (8, "Write def handleInputRows(self, key, rows, timerValues): …")


@pytest.mark.parametrize(
    ("value", "error_class", "message"),
    [
        (
            "(Color.RED, None)",
            "PicklingError",
            "Can't pickle <enum 'Color'>: attribute lookup Color on __main__ failed",
        ),
        ("([Color], None)", "PicklingError", "Can't pickle <enum 'Color'>: attribute lookup Color on __main__ failed"),
        ("((x for x in 'ab'), None)", "TypeError", "cannot pickle 'generator' object"),
        ("('today', '2026-01-02')", "AttributeError", "'str' object has no attribute 'toordinal'"),
    ],
)
def test_a_value_that_python_cannot_send_is_told_on_its_operation(value, error_class, message):
    trace = replayed_body(f"self.kept.update({value})")
    assert (trace.error.error_class, trace.error.message) == (error_class, message)
    assert trace.calls[-1].operations[-1][2] == {"raises": {"class": error_class, "message": message}}


def test_what_python_cannot_send_does_not_end_the_state_server():
    trace = replayed_body(
        "\n        try: self.kept.update((Color.RED, None))\n        except Exception: self.kept.update(('red', None))"
    )
    assert trace.ending == "completed"


def test_a_state_iterator_has_no_length_and_no_index_and_says_what_it_is():
    trace = replayed_body(
        "\n        it = self.all.get()"
        "\n        assert list(it) == []"
        "\n        self.all.put([(1,)])"
        "\n        assert next(it) == (1,)"
        "\n        self.all.get()[0]"
    )
    assert trace.error.message == "'ListStateIterator' object is not subscriptable"


def test_a_map_with_keys_that_are_no_text_kills_the_query_before_the_first_call():
    code = KEEPS.format(body="pass").replace('"n long"', '"m map<string, array<map<int, string>>>"')
    trace = replayed_processor(code, (0, "a"))
    assert [call.reason for call in trace.calls] == ["init", "close"]
    assert trace.error.message == "Unexpected type MapType(IntegerType,StringType,true)."
    assert "'all'" in trace.error.advice


def test_listing_timers_where_there_can_be_none_gives_nothing_and_ends_the_state_server():
    code = KEEPS.format(body="assert list(self.handle.listTimers()) == []").replace(
        "self.kept =", "self.handle = handle; self.kept ="
    )
    trace = replayed_processor(code, (0, "a"), time_mode="None")
    assert trace.error.error_class == "EOFError"


@pytest.mark.parametrize(
    ("ddl", "message"),
    [
        (
            "n decimal(99,2)",
            "[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision 99 exceeds max precision 38. SQLSTATE: 22003",
        ),
        (
            "n decimal(10,11)",
            "\n[DECIMAL_SCALE_EXCEEDS_PRECISION] Decimal scale (11) cannot be greater than precision (10). SQLSTATE: 22003\n"
            "== SQL ==\nn decimal(10,11)",
        ),
    ],
    ids=["too many digits", "too many after the point"],
)
def test_a_decimal_that_spark_has_not_is_refused_in_its_words(ddl, message):
    trace = replayed_processor(KEEPS.format(body="pass").replace("text string, at date", ddl), (0, "a"))
    assert trace.error.error_class == "PySparkRuntimeError"
    assert trace.error.message == f"Error parsing string schema: {message}"


# What is told when


PLAIN = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.items = handle.getListState("items", "x long")
        self.map = handle.getMapState("map", "mk string", "mv long")

    def handleInputRows(self, key, rows, timerValues):
        {data}

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        {timer}
"""


def of_rows(data, timer="return iter([])"):
    """A replay of a processor that is given Rows."""
    code = PLAIN.format(data=data, timer=timer)
    return replayed_processor(code, (0, "ab"), (1000, "c"), output_schema="k string, said string")


@pytest.mark.parametrize(
    ("data", "timer", "told"),
    [
        ("return iter([next(self.items.get())])", "pass", ("PySparkRuntimeError", "[STOP_ITERATION_OCCURRED]")),
        ("yield next(self.items.get())", "pass", ("RuntimeError", "generator raised StopIteration")),
        (
            "self.handle.registerTimer(0); return iter([])",
            "return next(self.items.get())",
            ("RuntimeError", "generator raised StopIteration"),
        ),
    ],
    ids=["function", "generator", "timer"],
)
def test_a_next_that_finds_nothing_is_told_as_pyspark_tells_it(data, timer, told):
    error = of_rows(data, timer).error
    assert (error.error_class, error.message[: len(told[1])]) == told


def test_the_line_of_a_next_in_a_timers_handler_is_told():
    data, timer = "self.handle.registerTimer(0); return iter([])", "return next(self.items.get())"
    error = of_rows(data, timer).error
    assert timer in PLAIN.format(data=data, timer=timer).splitlines()[error.line - 1]
    assert "next(rows, None)" in error.advice


def test_the_rows_of_all_timers_are_looked_at_when_the_last_one_has_fired():
    data = "self.handle.registerTimer(500 if key[0] == 'a' else 400); return iter([])"
    trace = of_rows(data, "yield Row(k=5 if key[0] == 'b' else key[0], said=timerValues)")
    assert [call.key for call in trace.calls if call.reason == "timer"] == [("b",), ("c",), ("a",)]
    assert (trace.error.error_class, trace.error.key) == ("ArrowTypeError", None)
    assert "the call for b gave 5" in trace.error.advice


def test_an_exception_in_a_later_timer_comes_before_the_wrong_row_of_an_earlier_one():
    data = "self.handle.registerTimer(500 if key[0] == 'a' else 400); return iter([])"
    assert of_rows(data, "yield Row(k=5 if key[0] == 'b' else 1 / 0)").error.error_class == "ZeroDivisionError"


def test_rows_are_looked_at_column_by_column():
    trace = of_rows("yield Row(k='a', said=5); yield Row(k=6, said='x')")
    assert "declares k as string" in trace.error.advice


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("self.items.put([(1, 2), 5])", "'int' object is not iterable"),
        ("self.map.updateValue(('a', 'b'), 5)", "'int' object is not iterable"),
        ("self.items.put([(1,), (1, 2)])", "Error updating value state: [STRUCT_ARRAY_LENGTH_MISMATCH]"),
    ],
)
def test_what_python_cannot_send_is_told_before_what_the_jvm_refuses(statement, told):
    assert of_rows(f"{statement}; return iter([])").error.message.startswith(told)


def test_the_handle_takes_attributes_of_the_processors_own():
    trace = of_rows("self.handle.seen = 1; yield Row(k=key[0], said=str(self.handle.seen))")
    assert [call.output for call in trace.calls if call.key == ("c",)] == [[["c", "1"]]]


@pytest.mark.parametrize(
    ("type_", "value", "error_class", "told"),
    [
        ("boolean", "'yes'", "ArrowInvalid", "Could not convert 'yes' with type str: tried to convert to boolean"),
        ("int", "2**31", "ArrowInvalid", "Value 2147483648 too large to fit in C integer type"),
        ("long", "2**63", "OverflowError", "Python int too large to convert to C long"),
        (
            "long",
            "float('nan')",
            "ArrowInvalid",
            "Could not convert nan with type float: tried to convert to int64",
        ),
        ("string", "datetime.date(2024, 1, 2)", "ArrowTypeError", "Expected bytes, got a 'datetime.date' object"),
        ("string", "pd.Timestamp(0)", "ArrowTypeError", "Expected bytes, got a 'Timestamp' object"),
        ("float", "'1'", "ArrowInvalid", "Could not convert '1' with type str: tried to convert to float32"),
        (
            "double",
            "2**62 + 1",
            "ArrowInvalid",
            "Integer value 4611686018427387905 is outside of the range exactly representable by a IEEE 754 double "
            "precision value",
        ),
        (
            "decimal(5,2)",
            "2**31",
            "ArrowInvalid",
            "Decimal type with precision 10 does not fit into precision inferred from first array element: 5",
        ),
        ("decimal(5,2)", "1.5", "ArrowTypeError", "int or Decimal object expected, got float"),
    ],
)
def test_a_value_that_a_row_cannot_give_out_is_told_in_pyarrows_words(type_, value, error_class, told):
    code = PLAIN.format(data=f"yield Row(v={value})", timer="pass")
    error = replayed_processor(code, (0, "a"), output_schema=f"v {type_}").error
    assert (error.error_class, error.message) == (error_class, told)
