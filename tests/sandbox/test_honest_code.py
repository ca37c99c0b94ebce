"""What honest functions do works in a worker, although it can open nothing; what it refuses is told in our own words."""

import pytest

from tests.helpers import PANDAS, pandas_scenario, scenario

HONEST = {
    "pandas groups": "import pandas as pd; return pd.DataFrame({'k': 'aab', 'n': [1, 2, 3]}.items()).shape[0] == 2",
    "pandas merges by time": (
        "import pandas as pd; a = pd.DataFrame({'t': pd.to_datetime(['2024-01-02']), 'v': [1]})\n"
        "return len(pd.merge_asof(a, a, on='t')) == 1"
    ),
    "pandas resamples": (
        "import pandas as pd; s = pd.Series(range(4), pd.date_range('2024', periods=4, freq='h'))\n"
        "return s.resample('2h').sum().tolist() == [1, 5] and s.rolling(2).mean().iloc[-1] == 2.5"
    ),
    "pandas reads text": "import io, pandas as pd; return pd.read_csv(io.StringIO('a,b\\n1,2')).b[0] == 2",
    "pandas writes JSON": "import pandas as pd; return pd.DataFrame({'a': [1]}).to_json() == '{\"a\":{\"0\":1}}'",
    "pandas queries": "import pandas as pd; return len(pd.DataFrame({'a': [1, 2]}).query('a > 1')) == 1",
    "pandas text and categories": "import pandas as pd; return pd.Series(['a']).str.upper().astype('category')[0] == 'A'",
    "pandas in a time zone": "import pandas as pd; return pd.Timestamp('2024-07-01', tz='Europe/Berlin').hour == 0",
    "numpy algebra": "import numpy as np; return np.linalg.det(np.eye(50)).round() == 1",
    "numpy FFT": "import numpy as np; return np.fft.fft(np.ones(8))[0].real == 8",
    "numpy's dice": "import numpy as np; return 0 <= np.random.default_rng().random() < 1",
    "200 MB of numpy": "import numpy as np; return np.ones(25 * 2**20).nbytes == 200 * 2**20",
    "named time zones": (
        "import datetime, zoneinfo; zone = zoneinfo.ZoneInfo('America/New_York')\n"
        "return datetime.datetime(2024, 7, 1, tzinfo=zone).utcoffset().total_seconds() == -4 * 3600"
    ),
    "all time zones": "import zoneinfo; return len(zoneinfo.available_timezones()) > 400",
    "dateutil's zones": "from dateutil import tz; return tz.gettz('Asia/Tokyo') is not None",
    "a database in memory": (
        "import sqlite3; base = sqlite3.connect(':memory:'); base.execute('create table t (a)')\n"
        "base.executemany('insert into t values (?)', [(n,) for n in range(100)]); base.commit()\n"
        "return base.execute('select sum(a) from t').fetchone() == (4950,)"
    ),
    "dice": "import random, secrets, os; random.seed(); return 0 <= random.random() < 1 and len(os.urandom(9)) == 9",
    "uuid": "import uuid; return uuid.uuid4() != uuid.uuid4() and uuid.uuid5(uuid.NAMESPACE_DNS, 'a').version == 5",
    "hashes": "import hashlib, hmac; return hashlib.sha256(b'').hexdigest().startswith('e3b0c442')",
    "regular expressions": "import re; return re.sub(r'(\\d+)', r'<\\1>', 'a1') == 'a<1>'",
    "JSON": "import json; return json.loads(json.dumps({'a': [1, None]})) == {'a': [1, None]}",
    "decimal and fractions": "from decimal import Decimal; from fractions import Fraction; return Decimal('0.1') * 10 == 1",
    "dataclasses": "import dataclasses; return dataclasses.make_dataclass('D', ['a'])(1).a == 1",
    "logging": "import logging; logging.getLogger('x').warning('seen'); return True",
    "sleep and the clock": (
        "import time, datetime; time.sleep(0.001); return datetime.datetime.now().year >= 2024 and time.time() > 0"
    ),
    "print": "print('hello'); return True",
    "warnings and tracebacks": (
        "import warnings, traceback; warnings.warn('careful')\n"
        "try: 1 / 0\nexcept ZeroDivisionError: return 'ZeroDivisionError' in traceback.format_exc()"
    ),
    "codecs": "return 'ü€'.encode('cp1252').decode('cp1252') == 'ü€' and 'あ'.encode('shift_jis') == b'\\x82\\xa0'",
    "modules of all kinds": (
        "import xml.etree.ElementTree, email.message, configparser, asyncio, statistics, zipfile, gzip, bz2, lzma, csv\n"
        "import html.parser, urllib.parse, ipaddress, locale, gettext, shlex, http.client, unittest.mock, graphlib\n"
        "return xml.etree.ElementTree.fromstring('<a b=\"1\"/>').get('b') == '1'"
    ),
    "compression in memory": "import gzip; return gzip.decompress(gzip.compress(b'a' * 1000)) == b'a' * 1000",
    "locks": "import threading, queue; q = queue.Queue(); q.put(1)\nwith threading.Lock(): return q.get() == 1",
    "pyspark's names": "from pyspark.sql.types import StructType; from pyspark.sql import Row; return Row(a=1).a == 1",
}


@pytest.mark.parametrize("does", HONEST.values(), ids=HONEST)
def test_what_honest_code_does_works(runner, does):
    body = "".join(f"    {line}\n" for line in does.splitlines())
    code = f"def it():\n{body}def updateState(key, values, state):\n    return [(key, bool(it()))]\n"
    trace = runner.run(scenario(code, (0, "a")))
    assert trace.ending == "completed", trace.error
    assert trace.calls[0].output == [["a", True]]


def test_a_pandas_api_works(runner):
    code = (
        "import pandas as pd\n"
        "def fn(key, pdfs, state):\n"
        "    n = sum(pdf['v'].sum() for pdf in pdfs) + (state.get[0] if state.exists else 0)\n"
        "    state.update((int(n),))\n"
        "    yield pd.DataFrame({'info': [f'{key[0]}={n}']})\n"
    )
    trace = runner.run(pandas_scenario(code, (0, "aab"), (1000, "a"), **PANDAS))
    assert trace.ending == "completed", trace.error
    assert [call.output for call in trace.calls] == [[["a=1"]], [["b=2"]], [["a=1"]]]


FILES = "files are not available in the sandbox"
NETWORK = "network access is not available in the sandbox"
THIS = "this is not available in the sandbox"
PROCESSES = "processes and threads are not available in the sandbox"


@pytest.mark.parametrize(
    ("does", "sentence"),
    [
        ("open('/etc/passwd')", FILES),
        ("open('out.csv', 'w')", FILES),
        ("import os; os.listdir('.')", FILES),
        ("import os; os.getcwd()", THIS),
        ("import pathlib; pathlib.Path('/etc/passwd').read_text()", FILES),
        ("import pandas as pd; pd.read_csv('/etc/passwd')", FILES),
        ("import pandas as pd; pd.DataFrame({'a': [1]}).to_csv('out.csv')", FILES),
        ("import sqlite3; sqlite3.connect('file.db').execute('create table t (a)')", FILES),
        ("import tempfile; tempfile.TemporaryFile()", FILES),
        ("import socket; socket.socket()", NETWORK),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", NETWORK),
        ("import urllib.request; urllib.request.urlopen('http://localhost:80')", NETWORK),
        ("import asyncio; asyncio.run(asyncio.sleep(0))", THIS),
        ("import os; os.fork()", PROCESSES),
        ("import subprocess; subprocess.run(['true'])", PROCESSES),
        ("import threading; threading.Thread(target=print).start()", PROCESSES),
        ("import concurrent.futures as f; f.ThreadPoolExecutor().submit(print)", PROCESSES),
        ("import multiprocessing; multiprocessing.Pool(2)", THIS),
        ("import os; os.kill(1, 0)", "other processes cannot be reached from the sandbox"),
        (
            "import requests",
            "the sandbox has the standard library, numpy and pandas; leave the import out where the function does not need it",
        ),
    ],
)
def test_what_is_refused_is_told_in_our_words_beside_pythons(runner, does, sentence):
    trace = runner.run(scenario(f"def updateState(key, values, state):\n    {does}\n", (0, "a")))
    assert (trace.ending, trace.error.line) == ("user_error", 2)
    assert trace.error.advice == trace.calls[-1].error.advice == sentence


def test_a_refusal_that_the_function_catches_is_its_own_affair(runner):
    code = "def updateState(key, values, state):\n    try: open('/x')\n    except OSError: return [(key, 1)]\n"
    assert runner.run(scenario(code, (0, "a"))).ending == "completed"


def test_an_error_of_the_functions_own_gets_no_sentence_of_the_sandboxs(runner):
    code = "def updateState(key, values, state):\n    try: open('/x')\n    except OSError: pass\n    return 1 / 0\n"
    assert runner.run(scenario(code, (0, "a"))).error.advice == ""
