"""Whatever a function gives to the state, to the timeout or out, the replay answers with a trace."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.codec.trace_json import trace_to_json
from tests.helpers import replayed_in_pandas


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " | ").split(" | ") if part.strip()]


VALUES = listed("""
None | 0 | -1 | 1.5 | True | 'x' | '12' | '' | b'b' | 2**40 | 2**70 | -2**63 | 1e300 | float('nan')
float('inf') | [] | [1,None] | ['a'] | [[1]] | {} | {'a':1} | {1:None} | (1,'q') | (1,) | set() | {1}
np.int64(3) | np.float32(1.5) | np.bool_(1) | np.str_('s') | np.array([1])
np.datetime64('2024-01-02') | pd.NA | pd.NaT | pd.Timestamp('2024-01-02')
pd.Timestamp('2024-01-02',tz='Asia/Tokyo') | pd.Timedelta('1h') | pd.Series([1]) | pd.DataFrame()
datetime.date(2024,1,2) | datetime.datetime.max | datetime.datetime.min | datetime.time(1)
datetime.timedelta(1) | decimal.Decimal('1.5') | decimal.Decimal('NaN') | decimal.Decimal('1e30')
Row(a=1) | Row(1,2) | object() | len | Ellipsis | (i for i in [1]) | '\\ud800' | 'é\\0' | complex(1,2)
range(3) | type | Box() | memoryview(b'x') | Color.RED | uuid.UUID(int=1) | fractions.Fraction(1,3)
""")
TYPES = listed("""
long | int | short | byte | double | float | boolean | string | binary | date | timestamp
timestamp_ntz | decimal(10,2) | decimal(38,0) | array<long> | array<string> | array<timestamp>
map<string,long> | map<long,date> | struct<a:long,b:string> | array<struct<a:long>> | void
""")
HEAD = (
    "import datetime, decimal, fractions, uuid\nfrom enum import Enum\nimport numpy as np\n"
    "class Box:\n    pass\nclass Color(Enum):\n    RED = 1\n"
)
values = st.sampled_from(VALUES)
types = st.sampled_from(TYPES)


@settings(max_examples=60, deadline=None)
@given(st.lists(values, min_size=1, max_size=3), types, st.lists(values, min_size=1, max_size=2), types, values)
def test_any_value_anywhere_ends_in_a_trace(stored, state_type, given_out, output_type, timeout):
    code = _code(stored, given_out, timeout)
    fields = {"state_schema": f"n {state_type}", "output_schema": f"info {output_type}"}
    for keys in ("b", "ab"):
        trace = replayed_in_pandas(code, (0, keys), (1, "b"), (2, ""), timeout_conf="ProcessingTimeTimeout", **fields)
        assert trace.ending in ("completed", "user_error")
        assert trace_to_json(trace)
        if trace.error is not None:
            assert trace.error.error_class
            assert "engine" not in trace.error.traceback


def _code(stored, given_out, timeout):
    frames = " + ".join(f"[pd.DataFrame({{'info': pd.Series([{value}], dtype=object)}})]" for value in given_out)
    return (
        f"{HEAD}def fn(key, pdfs, state):\n"
        f"    if key[0] == 'a':\n        state.setTimeoutDuration({timeout})\n        return []\n"
        f"    state.update([{', '.join(stored)}] if state.exists else ({stored[0]},))\n"
        f"    return {frames}\n"
    )
