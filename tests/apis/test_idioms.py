"""How people write stateful functions for PySpark: each idiom must simply work, pasted as it is."""

import pytest

from engine.model.scenario import Watermark
from tests.helpers import infos, replayed_in_pandas

TWO = [{"k": "a", "v": 1}, {"k": "a", "v": 2}]
TIMES = {"input_schema": "k string, ts timestamp"}
AT = [{"k": "a", "ts": "2024-01-02T03:04:05Z"}, {"k": "a", "ts": None}]


def info(code, *batches, **fields):
    """What the calls give out; a batch is the rows that came."""
    return infos(replayed_in_pandas(code, *[(i * 1000, rows) for i, rows in enumerate(batches)], **fields))


def test_the_imports_at_the_top_of_a_file():
    code = (
        "import pandas as pd\nimport numpy as np\nimport datetime\n"
        "from datetime import timedelta, timezone\nimport time, math, json, re\n"
        "import itertools, collections, logging, typing\nfrom functools import partial, reduce\n"
        "from dataclasses import dataclass, asdict\n"
        "from typing import Any, Iterator, Iterable, Tuple, Optional, NamedTuple\n"
        "from decimal import Decimal\nfrom enum import Enum\n"
        "from pyspark.sql import Row, SparkSession, functions as F\nfrom pyspark.sql.types import *\n"
        "from pyspark.sql.streaming.state import GroupState, GroupStateTimeout\n"
        "log = logging.getLogger(__name__)\n"
        "def fn(key: Tuple[str], pdfs: Iterator[pd.DataFrame], state: GroupState) -> Iterator[pd.DataFrame]:\n"
        "    log.info('called for %s', key)\n"
        "    yield pd.DataFrame({'info': [math.floor(np.mean([1, 2])) and 'x' or reduce(lambda a, b: a + b, ['x', 'y'])]})\n"
    )
    assert info(code, TWO) == ["x"]


@pytest.mark.parametrize(
    "body",
    [
        "    yield pd.DataFrame({'info': ['x']})\n",
        "    for _ in range(1):\n        yield pd.DataFrame({'info': ['x']})\n"
        "    yield pd.DataFrame()\n    return\n    yield\n",
        "    return iter([pd.DataFrame({'info': ['x']})])\n",
        "    return [pd.DataFrame({'info': ['x']})]\n",
        "    return (pd.DataFrame({'info': [i]}) for i in 'x')\n",
        "    if state.hasTimedOut:\n        return\n    yield pd.DataFrame({'info': ['x']})\n",
        "    yield from inner(pdfs)\n\ndef inner(pdfs):\n    yield pd.DataFrame({'info': ['x' for _ in pdfs]})\n",
        "    yield pd.DataFrame([['x']], columns=['info'])\n",
        "    yield pd.DataFrame([{'info': 'x'}])\n",
        "    yield pd.DataFrame.from_records([('x',)], columns=['info'])\n",
        "    yield pd.Series({'info': 'x'}).to_frame().T\n",
    ],
)
def test_every_way_to_give_frames_out(body):
    assert info(f"import pandas as pd\ndef fn(key, pdfs, state):\n{body}", TWO) == ["x"]


def test_no_rows_in_every_way():
    for returned in (
        "return []",
        "return iter(())",
        "return\n    yield",
        "yield pd.DataFrame()",
        "yield pd.DataFrame(columns=['info'])",
    ):
        assert info(f"def fn(key, pdfs, state):\n    {returned}\n", TWO) == []


@pytest.mark.parametrize(
    "code",
    [
        "def maker(prefix):\n    def inner(key, pdfs, state):\n"
        "        yield pd.DataFrame({'info': [prefix + key[0]]})\n    return inner\n"
        "fn = maker('x-')\n",
        "from functools import partial\ndef base(prefix, key, pdfs, state):\n"
        "    yield pd.DataFrame({'info': [prefix + key[0]]})\nfn = partial(base, 'x-')\n",
        "from functools import partial\ndef base(key, pdfs, state, prefix='?'):\n"
        "    yield pd.DataFrame({'info': [prefix + key[0]]})\n"
        "anything = partial(base, prefix='x-')\nbase = None\n",
        "PREFIX = 'x-'\ndef fn(key, pdfs, state):\n    def say(k):\n        return PREFIX + k\n"
        "    yield pd.DataFrame({'info': [say(key[0])]})\n",
        "fn = lambda key, pdfs, state: [pd.DataFrame({'info': ['x-' + key[0]]})]\n",
        "class Tracker:\n    def __init__(self, prefix):\n        self.prefix = prefix\n"
        "    def __call__(self, key, pdfs, state):\n"
        "        yield pd.DataFrame({'info': [self.prefix + key[0]]})\nfn = Tracker('x-')\n",
        "class Tracker:\n    prefix = 'x-'\n    def track(self, key, pdfs, state):\n"
        "        yield pd.DataFrame({'info': [self.prefix + key[0]]})\nfn = Tracker().track\n",
        'def fn(key, pdfs, state):\n    """Old code:\n    def fn(key, pdfs, state): return []\n'
        '    """\n    yield pd.DataFrame({"info": ["x-" + key[0]]})\n',
    ],
    ids=["closure", "partial", "partial by name", "nested helper", "lambda", "callable object", "method", "docstring"],
)
def test_every_way_to_make_the_function(code):
    assert info(code, TWO) == ["x-a"]


@pytest.mark.parametrize(
    "code", ["(user,) = key", "user, = key", "user = key[0]", "[user] = key", "user = list(key)[0]"]
)
def test_every_way_to_take_the_key_apart(code):
    assert info(f"def fn(key, pdfs, state):\n    {code}\n    yield pd.DataFrame({{'info': [user]}})\n", TWO) == ["a"]


@pytest.mark.parametrize(
    "reads",
    [
        "sum(len(pdf) for pdf in pdfs)",
        "len(pd.concat(list(pdfs)))",
        "len(pd.concat(pdfs, ignore_index=True))",
        "pd.concat(list(pdfs)).sort_values('v', ascending=False)['v'].iloc[0]",
        "max(row.v for pdf in pdfs for row in pdf.itertuples())",
        "max(v for pdf in pdfs for _, v in pdf.itertuples(index=False, name=None))",
        "max(row['v'] for pdf in pdfs for _, row in pdf.iterrows())",
        "max(record['v'] for pdf in pdfs for record in pdf.to_dict('records'))",
        "next(pdfs).at[1, 'v']",
        "next(iter(pdfs)).loc[1, 'v']",
        "next(pdfs)['v'].max()",
        "next(pdfs).v.values[-1]",
        "next(pdfs).groupby('k')['v'].max()['a']",
        "next(pdfs)['v'].tolist()[1]",
        "int(next(pdfs).drop_duplicates('v', keep='last')['v'].to_numpy()[-1])",
        "next(pdfs).query('v == 2').shape[0] + 1",
        "len(list(pdfs)[0].columns)",
        "next(pdfs)['v'].apply(lambda v: v).astype(int).max()",
        "next(pdfs).assign(w=lambda p: p['v'] * 2)['w'].max() // 2",
    ],
)
def test_every_way_to_read_the_frames(reads):
    code = f"def fn(key, pdfs, state):\n    yield pd.DataFrame({{'info': [str(int({reads}))]}})\n"
    assert info(code, TWO) == ["2"]


def test_joining_no_frames_fails_with_pandas_own_words():
    code = "def fn(key, pdfs, state):\n    list(pdfs)\n    whole = pd.concat(list(pdfs))\n    return []\n"
    error = replayed_in_pandas(code, (0, TWO)).error
    assert (error.error_class, error.message, error.line) == ("ValueError", "No objects to concatenate", 3)
    assert "read only once" in error.advice


@pytest.mark.parametrize(
    "code",
    [
        "    (n,) = state.get if state.exists else (0,)\n    n += 1\n    state.update((n,))\n",
        "    n = state.get[0] + 1 if state.exists else 1\n    state.update([n])\n",
        "    n = (state.getOption or (0,))[0] + 1\n    state.update((n,))\n",
        "    if state.exists:\n        old = Stat(*state.get)\n    else:\n        old = Stat(0)\n"
        "    n = old.n + 1\n    state.update(old._replace(n=n))\n",
        "    n = Box(*(state.getOption or (0,))).n + 1\n    state.update(astuple(Box(n)))\n",
        "    n = np.int64((state.getOption or (0,))[0]) + np.int64(1)\n    state.update((n,))\n",
    ],
    ids=["unpacked", "indexed", "option", "namedtuple", "dataclass", "numpy"],
)
def test_every_way_to_keep_a_count(code):
    head = (
        "from collections import namedtuple\nfrom dataclasses import dataclass, astuple\n"
        "Stat = namedtuple('Stat', 'n')\n"
        "@dataclass\nclass Box:\n    n: int\n"
    )
    code = f"{head}def fn(key, pdfs, state):\n{code}    yield pd.DataFrame({{'info': [str(n)]}})\n"
    assert info(code, TWO, TWO) == ["1", "2"]


def test_json_in_a_state_column():
    code = (
        "import json\ndef fn(key, pdfs, state):\n"
        "    kept = json.loads(state.get[0]) if state.exists else {'seen': []}\n"
        "    kept['seen'] += [int(v) for pdf in pdfs for v in pdf['v']]\n"
        "    state.update((json.dumps(kept),))\n    yield pd.DataFrame({'info': [state.get[0]]})\n"
    )
    assert info(code, TWO, TWO, state_schema="kept string") == ['{"seen": [1, 2]}', '{"seen": [1, 2, 1, 2]}']


def test_lists_dicts_and_structs_in_the_state_come_back_as_lists_dicts_and_rows():
    code = (
        "def fn(key, pdfs, state):\n"
        "    if state.exists:\n"
        "        seen, by_name, last, events = state.get\n"
        "        info = [seen, by_name, last.v, last['name'], [(e.v, e.asDict()) for e in events]]\n"
        "        info.append(dict(zip(events[0].__fields__, events[0])))\n"
        "    else:\n        info = 'new'\n"
        "    state.update(([1, 2], {'a': 1}, {'name': 'x', 'v': 3}, [{'v': 1}, {'v': 2}]))\n"
        "    yield pd.DataFrame({'info': [repr(info)]})\n"
    )
    schema = "seen array<long>, by_name map<string,long>, last struct<name:string,v:long>, events array<struct<v:long>>"
    assert info(code, TWO, TWO, state_schema=schema)[1] == (
        "[[1, 2], {'a': 1}, 3, 'x', [(1, {'v': 1}), (2, {'v': 2})], {'v': 1}]"
    )


def test_lists_and_dicts_in_the_output():
    code = (
        "def fn(key, pdfs, state):\n"
        "    yield pd.DataFrame({'n': [[1, 2]], 'm': [{'a': 1}], 's': [{'x': 1}], 'r': [Row(x=2)]})\n"
    )
    trace = replayed_in_pandas(
        code, (0, TWO), output_schema="n array<long>, m map<string,long>, s struct<x:long>, r struct<x:long>"
    )
    assert trace.calls[0].output == [[[1, 2], {"a": 1}, {"x": 1}, {"x": 2}]]


@pytest.mark.parametrize(
    "reads",
    [
        "int(pd.Timestamp(pdf['ts'].max()).timestamp() * 1000)",
        "int(pdf['ts'].max().timestamp() * 1000)",
        "int(pdf['ts'].max().value // 10**6)",
        "int(pdf['ts'].astype('int64').max() // 10**6)",
        "int(pd.to_datetime(pdf['ts']).dropna().iloc[0].tz_localize('UTC').timestamp() * 1000)",
        "int(pdf['ts'].dt.tz_localize('UTC').dt.tz_convert('Europe/Berlin').max().timestamp() * 1000)",
        "int(pdf['ts'].iloc[0].to_pydatetime().replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)",
        "int((pdf['ts'].max() - pd.Timestamp('1970-01-01')) / pd.Timedelta('1ms'))",
        "int(max(t.timestamp() for t in pdf['ts'] if not pd.isna(t)) * 1000)",
    ],
)
def test_every_way_to_get_milliseconds_from_an_event_time(reads):
    code = "import datetime\ndef fn(key, pdfs, state):\n    pdf = next(pdfs)\n"
    code += f"    yield pd.DataFrame({{'info': [str({reads})]}})\n"
    assert info(code, AT, **TIMES) == ["1704164645000"]


def test_a_timeout_from_an_event_time_in_every_way():
    code = (
        "def fn(key, pdfs, state):\n"
        "    if state.hasTimedOut:\n        state.remove()\n        return\n"
        "    last = max(pdf['ts'].max() for pdf in pdfs)\n"
        "    {}\n    yield pd.DataFrame({{'info': ['x']}})\n"
    )
    for setter in (
        "state.setTimeoutTimestamp(int(last.timestamp() * 1000))",
        "state.setTimeoutTimestamp(last.timestamp() * 1000)",
        "state.setTimeoutTimestamp(last)",
        "state.setTimeoutTimestamp(max(int(last.timestamp() * 1000), state.getCurrentWatermarkMs()))",
    ):
        trace = replayed_in_pandas(
            code.format(setter),
            (0, AT),
            timeout_conf="EventTimeTimeout",
            watermark=Watermark("ts", "1 second"),
            **TIMES,
        )
        assert trace.error is None, (setter, trace.error)
        assert trace.calls[0].after.timeout_ms == 1704164645000


def test_what_is_printed_and_logged_stands_at_its_call():
    code = (
        "import logging, sys\n"
        "logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(message)s', force=True)\n"
        "print('loaded')\n"
        "def fn(key, pdfs, state):\n    print('key', key[0])\n"
        "    logging.info('rows %d', len(next(pdfs)))\n    return []\n"
    )
    trace = replayed_in_pandas(code, (0, TWO))
    assert (trace.printed_at_load, trace.calls[0].printed) == ("loaded\n", "key a\nrows 2\n")


def test_a_schema_object_beside_the_function_and_type_hints_do_no_harm():
    code = (
        "from pyspark.sql.types import *\nfrom pyspark.sql.streaming.state import GroupState\n"
        "schema = StructType([StructField('info', StringType()), StructField('n', LongType(), True)])\n"
        "state_schema = 'n long'\nassert schema.simpleString() == 'struct<info:string,n:bigint>'\n"
        "def fn(key: tuple[str], pdfs: 'Iterator[pd.DataFrame]', state: GroupState) -> NotImported:\n"
        "    names = [field.name for field in schema]\n    yield pd.DataFrame({'info': [','.join(names)]})\n"
    )
    assert info(code, TWO) == ["info,n"]
