"""Findings from the source's text: they fire on code, not on comments, texts, or names that look alike."""

import pytest

from tests.diagnostics.found import found
from tests.helpers import replayed

FUNCTION = "def updateState(key, values, state):\n"


def ids(code, **fields):
    """The findings of a source; whether it runs does not matter to them, so it is not called with rows."""
    return found(replayed(code, (0, ""), **fields))


class TestWallClockOrChance:
    @pytest.mark.parametrize(
        ("imports", "line", "use"),
        [
            ("import time", "now = time.time()", "time.time()"),
            ("from time import time", "now = time()", "time()"),
            ("import time as t", "now = t.time_ns()", "t.time_ns()"),
            ("import datetime", "now = datetime.datetime.now()", "datetime.datetime.now()"),
            ("from datetime import datetime, date", "now = datetime.utcnow ( )", "datetime.utcnow()"),
            ("from datetime import datetime as dt", "now = dt.now(UTC)", "dt.now()"),
            ("import pandas as pd", "now = pd.Timestamp.now()", "pd.Timestamp.now()"),
            ("import random", "x = random.choice([1, 2])", "random.choice()"),
            ("from random import randint", "x = randint(1, 2)", "randint()"),
            ("import numpy as np", "x = np.random.rand()", "np.random.rand()"),
            ("import uuid", "x = uuid.uuid4()", "uuid.uuid4()"),
            ("from uuid import uuid4", "x = uuid4()", "uuid4()"),
            ("import random as r", "x = r.random()", "r.random()"),
            ("import numpy.random as npr", "x = npr.rand()", "npr.rand()"),
            ("from numpy.random import rand", "x = rand()", "rand()"),
            ("from pandas import Timestamp", "now = Timestamp.now()", "Timestamp.now()"),
            ("import time", "now = time.localtime()", "time.localtime()"),
            ("import random", "x = random.Random()", "random.Random()"),
            ("import numpy as np", "x = np.random.default_rng()", "np.random.default_rng()"),
        ],
    )
    def test_it_names_the_use_and_its_line(self, imports, line, use):
        finding = ids(f"{imports}\n{FUNCTION}    {line}\n")["wall-clock-or-chance"]
        assert (finding.title, finding.line) == (f"The function uses {use}", 3)

    def test_an_import_may_go_over_several_lines(self):
        finding = ids(f"from time import (\n    time as now,\n    sleep,\n)\n{FUNCTION}    x = now()\n")
        assert finding["wall-clock-or-chance"].title == "The function uses now()"

    @pytest.mark.parametrize(
        ("imports", "line"),
        [
            ("import time", "# time.time()"),
            ("import time", "x = time.gmtime(5)"),
            ("from numpy.random import default_rng", "x = default_rng(1)"),
            ("import time", "x = 'time.time()'"),
            ("import time", "x = time.strftime('%H')"),
            ("import time", "x = row.time.time()"),
            ("", "x = time.time()"),
            ("import random", "x = random.Random(42)"),
            ("import random", "random.seed(1)"),
            ("import numpy as np", "x = np.random.default_rng(1)"),
            ("from datetime import datetime", "x = datetime.fromtimestamp(5)"),
            ("import uuid", "x = uuid.uuid5(uuid.NAMESPACE_DNS, key)"),
        ],
    )
    def test_it_does_not_fire_for_what_only_looks_alike(self, imports, line):
        assert "wall-clock-or-chance" not in ids(
            f"{imports}\n{FUNCTION}    pass\n    if False:\n        {line}\n        pass\n"
        )


class TestModuleLevelState:
    @pytest.mark.parametrize(
        ("top", "line"),
        [
            ("seen = {}", "seen[key] = 1"),
            ("seen = {}", "seen[key]['n'] += 1"),
            ("seen: set[str] = set()", "seen.add(key)"),
            ("from collections import defaultdict\nseen = defaultdict(list)", "seen[key].append(1)"),
            ("seen = []", "seen += [key]"),
            ("seen = {}", "del seen[key]"),
            ("total = 0", "global total"),
        ],
    )
    def test_it_fires_when_the_function_changes_a_variable_of_the_module(self, top, line):
        finding = ids(f"{top}\n{FUNCTION}    {line}\n")["module-level-state"]
        assert finding.line == top.count("\n") + 3

    @pytest.mark.parametrize(
        ("top", "line"),
        [
            ("LIMITS = {'a': 1}", "x = LIMITS[key] == 1"),
            ("LIMITS = {'a': 1}", "x = LIMITS.get(key)"),
            ("seen = {}", "seen = {}; seen[key] = 1"),
            ("seen = {}", "# seen[key] = 1"),
            ("seen = {}", "mine.seen[key] = 1"),
            ("seen = {}", "unseen[key] = 1"),
        ],
        ids=["read", "asked", "its own variable", "a comment", "an attribute", "another name"],
    )
    def test_it_does_not_fire_for_constants_and_own_variables(self, top, line):
        assert "module-level-state" not in ids(f"{top}\n{FUNCTION}    {line}\n    pass\n")


class TestValuesAreReadTwice:
    @pytest.mark.parametrize(
        "body",
        [
            "n = sum(1 for _ in values)\nbig = max(values)",
            "for v in values:\n    pass\nfor v in values:\n    pass",
            "n = sum(values) / len(list(values))",
            "if key:\n    n = len(list(values))\ntotal = sum(values)",
            "first = list(values)\nif first:\n    total = sum(values)\nelse:\n    total = 0",
        ],
    )
    def test_it_fires_where_both_readings_surely_run(self, body):
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        finding = ids(f"{FUNCTION}{lines}\n", semantics="spark")["values-are-read-twice"]
        assert finding.code == "values = list(values)"

    @pytest.mark.parametrize(
        "body",
        [
            "n = sum(1 for _ in values)",
            "values = list(values)\nn = sum(values) + max(values)",
            "if key:\n    n = sum(values)\nelse:\n    n = max(values)",
            "if key:\n    return [sum(values)]\nreturn [max(values)]",
            "if key: return [sum(values)]\nreturn [max(values)]",
            "n = sum(values) if key else max(values)",
            "for v in values:\n    pass\nfor v in values.keys():\n    pass",
            "# max(values)\nn = sum(values)",
        ],
        ids=["once", "a list", "branches", "a way out", "in one line", "either or", "another thing", "a comment"],
    )
    def test_it_does_not_fire_where_that_is_not_sure(self, body):
        lines = "\n".join(f"    {line}" for line in body.split("\n"))
        assert "values-are-read-twice" not in ids(f"{FUNCTION}{lines}\n", semantics="spark")

    def test_it_does_not_fire_where_the_values_are_a_list(self):
        assert "values-are-read-twice" not in ids(
            f"{FUNCTION}    n = sum(values) + max(values)\n", semantics="tutorial"
        )

    def test_the_parameter_may_have_any_name(self):
        code = "def count(word, rows, memory):\n    n = sum(rows)\n    m = max(rows)\n"
        assert ids(code, semantics="spark")["values-are-read-twice"].code == "rows = list(rows)"


def test_a_line_of_loops_without_end_is_looked_at_in_time():
    assert "module-level-state" not in ids("seen = []\n" + FUNCTION + "    " + "for seen " * 5_000)


def test_a_function_of_branches_without_end_is_looked_at_in_time():
    branches = "    if key:\n        key in values\n    else:\n        key\n" * 4_000
    assert "values-are-read-twice" not in ids(FUNCTION + branches, semantics="spark")
