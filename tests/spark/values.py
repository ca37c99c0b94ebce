"""Random values on their way into and out of a pandas function: columns of every type, and frames that a function yields."""

import base64
import datetime
from typing import Any

from hypothesis import strategies as st

from engine.model.rows import Rows
from engine.model.scenario import Batch, Scenario

_TIMES = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)).map(lambda time: f"{time}Z")
#: What a scenario file may hold for a column of each type.
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    "bigint": st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9),
    "int": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "tinyint": st.integers(-128, 127),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "float": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "timestamp": _TIMES,
    "date": st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)).map(str),
    "decimal(10,2)": st.decimals(-9999, 9999, places=2).map(str),
    "decimal(30,5)": st.decimals(-(10**20), 10**20, places=5).map(str),
    "binary": st.binary(max_size=4).map(lambda data: base64.b64encode(data).decode()),
    "array<bigint>": st.lists(st.none() | st.integers(-9, 9), max_size=3),
    "array<string>": st.lists(st.none() | st.sampled_from(["a", ""]), max_size=3),
    "array<timestamp>": st.lists(st.none() | _TIMES, max_size=2),
    "array<array<bigint>>": st.lists(st.none() | st.lists(st.integers(0, 9), max_size=2), max_size=2),
    "array<map<string,bigint>>": st.lists(st.none() | st.just({"a": 1}), max_size=2),
    "array<double>": st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=2),
    "array<boolean>": st.lists(st.none() | st.booleans(), max_size=2),
    "array<date>": st.lists(st.none() | st.just("2024-01-02"), max_size=2),
    "array<decimal(5,2)>": st.lists(st.none() | st.just("1.25"), max_size=2),
    "map<string,timestamp>": st.dictionaries(st.sampled_from(["1", "2"]), st.none() | _TIMES),
    "struct<a:array<struct<b:int>>,m:map<string,array<int>>>": st.fixed_dictionaries(
        {
            "a": st.none() | st.lists(st.just({"b": 1}), max_size=1),
            "m": st.none() | st.just({"x": [1]}) | st.just({"x": [None], "y": []}),
        }
    ),
    "map<string,bigint>": st.dictionaries(st.sampled_from(["a", "b", ""]), st.none() | st.integers(-9, 9)),
    "struct<x:bigint,y:string>": st.fixed_dictionaries(
        {"x": st.none() | st.integers(0, 9), "y": st.sampled_from(["a", None])}
    ),
    "array<struct<x:bigint,y:timestamp>>": st.lists(
        st.fixed_dictionaries({"x": st.integers(0, 9), "y": st.none() | _TIMES}), max_size=2
    ),
}
LOOK = """\
def fn(key, pdfs, state):
    said = [repr(key)]
    for pdf in pdfs:
        for name in pdf.columns:
            said.append([name, str(pdf[name].dtype), [repr(value) for value in pdf[name].tolist()]])
            said += [type(value).__name__ for value in pdf[name].iloc[:1]]
    yield pd.DataFrame({"said": [repr(said)]})
"""


@st.composite
def columns_of_every_type(draw: st.DrawFn) -> Scenario:
    """A function that tells what its frames look like."""
    kinds = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=5))
    cells = {f"c{i}": st.none() | COLUMNS[kind] for i, kind in enumerate(kinds)}
    rows = st.lists(st.fixed_dictionaries({"k": st.sampled_from(["a", "b"]), **cells}), min_size=1, max_size=5)
    return Scenario(
        api="applyInPandasWithState",
        code=LOOK,
        entry="fn",
        key="k",
        input_schema=", ".join(["k string", *(f"c{i} {kind}" for i, kind in enumerate(kinds))]),
        output_schema="said string",
        state_schema="n bigint",
        timeout_conf="NoTimeout",
        conf={"spark.sql.execution.arrow.maxRecordsPerBatch": draw(st.sampled_from([2, 10_000]))},
        batches=[Batch(1000, Rows.from_dicts(draw(rows)))],
    )


#: Python source of values that a function may put into a frame.
EXPRESSIONS = [
    *["None", "0", "1", "-7", "2**40", "2**70", "1.5", "2.0", "-0.0", "1e300", "float('nan')", "float('inf')"],
    *["True", "False", "''", "'text'", "'12'", "'1.5'", "'2024-01-02'", "'true'", "b'bytes'", "pd.NA", "pd.NaT"],
    *[
        "np.int32(5)",
        "np.float32(0.1)",
        "np.bool_(True)",
        "np.datetime64('2024-01-02')",
        "Decimal('1.25')",
        "Decimal('1.255')",
    ],
    *["Decimal('12345678901.5')", "datetime.date(2024, 1, 2)", "datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)"],
    *[
        "pd.Timestamp('2024-01-02 03:04:05.678901')",
        "pd.Timestamp('2024-01-02', tz='UTC')",
        "pd.Timestamp('2024-01-02', tz='Asia/Tokyo')",
    ],
    *[
        "datetime.timedelta(1)",
        "[1, None]",
        "['a']",
        "(1, 2)",
        "{'x': 1, 'y': 'a'}",
        "{'a': 1}",
        "Row(x=1, y=2)",
        "np.array([1, 2])",
        "{1}",
        "{'a': 'x'}",
        "['2024-01-02']",
        "memoryview(b'bytes')",
        "Decimal('-Infinity')",
    ],
]
#: Some that are meant to fit.
FITTING = {
    "string": ["'text'", "''", "'é'"],
    "bigint": ["1", "-7", "2.0", "np.int32(5)", "'12'"],
    "int": ["1", "-7", "np.int32(5)"],
    "smallint": ["1", "-7"],
    "tinyint": ["1", "-7"],
    "double": ["1.5", "1", "float('inf')", "np.float32(0.1)"],
    "float": ["1.5", "0.1", "np.float32(0.1)"],
    "boolean": ["True", "False", "np.bool_(True)"],
    "timestamp": ["pd.Timestamp('2024-01-02 03:04:05.678901')", "datetime.datetime(2024, 1, 2, 3, 4, 5, 678901)"],
    "timestamp_ntz": ["pd.Timestamp('2024-01-02 03:04:05.678901')", "np.datetime64('2024-01-02')"],
    "date": ["datetime.date(2024, 1, 2)", "pd.Timestamp('2024-01-02 03:04:05')"],
    "decimal(10,2)": ["Decimal('1.25')", "Decimal('-3')"],
    "decimal(30,5)": ["Decimal('1.25')", "Decimal('12345678901.5')"],
    "binary": ["b'bytes'", "'text'"],
    "array<bigint>": ["[1, 2]", "[]", "(3,)", "np.array([1, 2])"],
    "array<string>": ["['a']", "['a', None]", "[]"],
    "array<timestamp>": ["['2024-01-02']", "[10**9, datetime.date(2024, 1, 2)]", "[]"],
    "map<string,bigint>": ["{'a': 1}", "{}", "{'a': None}"],
    "struct<x:bigint,y:string>": ["{'x': 1, 'y': 'a'}", "{'x': 1}", "(1, 'a')", "Row(x=1, y='a')"],
}
DTYPES = [
    "",
    "",
    "",
    "object",
    "Int64",
    "float32",
    "int8",
    "string",
    "boolean",
    "category",
    "float64",
    "datetime64[ns]",
    "datetime64[s]",
]
YIELD = """\
import base64
import datetime
from decimal import Decimal

def fn(key, pdfs, state):
    for cells in {parts}:
        yield pd.DataFrame({{"out": pd.Series(cells{dtype})}})
"""


@st.composite
def frames_of_anything(draw: st.DrawFn) -> Scenario:
    """A function that yields one column of whatever, for an output column of any type, in one frame or in several that may be
    more than an Arrow batch holds; half of them are meant to fit."""
    kind = draw(st.sampled_from(list(FITTING)))
    fitting, anything = st.sampled_from(FITTING[kind]), st.sampled_from(EXPRESSIONS)
    if draw(st.booleans()):
        cells, dtype = draw(st.lists(fitting | st.just("None"), min_size=1)), ""
    else:
        cells = [draw(anything), *draw(st.lists(fitting | st.just("None") | anything, max_size=2))]
        dtype = draw(st.sampled_from(DTYPES))
    parts = draw(st.sampled_from([[cells], [[cell] for cell in cells]]))
    source = "".join(f"[{', '.join(part)}], " for part in parts)
    code = YIELD.format(parts=f"[{source}]", dtype=f", dtype={dtype!r}" if dtype else "")
    return _yielding(code, kind, draw(st.sampled_from([1, 10_000])))


def _yielding(code: str, kind: str, max_records: int) -> Scenario:
    return Scenario(
        api="applyInPandasWithState",
        code=code,
        entry="fn",
        key="k",
        input_schema="k string",
        output_schema=f"out {kind}",
        state_schema="n bigint",
        timeout_conf="NoTimeout",
        conf={"spark.sql.execution.arrow.maxRecordsPerBatch": max_records},
        batches=[Batch(1000, Rows.from_dicts([{"k": "a"}]))],
    )
