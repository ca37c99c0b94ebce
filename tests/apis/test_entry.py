"""Which function is replayed: the one that is named, handed to Spark, known by its name, or the only one that fits."""

import pytest

from tests.helpers import infos, pandas_scenario, replayed_in_pandas, trace_of

HELPER = "def helper(x):\n    return x\n"
FN = "def {name}(key, pdfs, state):\n    yield pd.DataFrame({{'info': ['{name}']}})\n"


def fn(name):
    return FN.format(name=name)


@pytest.mark.parametrize(
    ("code", "called"),
    [
        (fn("fn"), "fn"),
        (HELPER + fn("count_per_user"), "count_per_user"),
        (fn("fn") + fn("other"), "fn"),
        (
            "def load(a, b, c):\n    return a\n" + fn("update_session"),
            "update_session",
        ),  # its last parameter is the state
        ("def clean(a, b, frame):\n    pass\n" + fn("f").replace("state)", "s: GroupState)"), "f"),
        (fn("a") + fn("b") + "df.applyInPandasWithState(b, '', '', '', '')\n", "b"),
    ],
    ids=[
        "by its known name",
        "the only fitting one",
        "the known one",
        "by a parameter",
        "by a type hint",
        "handed over",
    ],
)
def test_the_function_is_found(code, called):
    code = (
        "from pyspark.sql import SparkSession\ndf = SparkSession.builder.getOrCreate().table('t').groupBy('k')\n" + code
    )
    assert infos(replayed_in_pandas(code, (0, "a"))) == [called]


def test_a_name_decides_when_several_are_meant():
    code = fn("one") + fn("two")
    assert infos(trace_of(pandas_scenario(code, (0, "a"), entry="two"))) == ["two"]
    error = replayed_in_pandas(code, (0, "a")).error
    assert (error.message, error.advice) == (
        "several functions could be meant: one, two",
        "Rename the one to call to fn, or choose it as the entry",
    )


def test_a_function_inside_main_is_found_by_what_main_hands_to_spark():
    code = (
        "from pyspark.sql import SparkSession\n"
        "def main():\n"
        "    spark = SparkSession.builder.getOrCreate()\n"
        "    limit = 3\n"
        "    def track(key, pdfs, state):\n"
        "        yield pd.DataFrame({'info': [f'{key[0]} {limit}']})\n"
        "    query = (spark.readStream.format('rate').load().groupBy('k')\n"
        "        .applyInPandasWithState(track, 'info string', 'n long', 'update', 'NoTimeout').writeStream.start())\n"
        "    query.awaitTermination()\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    assert infos(replayed_in_pandas(code, (0, "a"))) == ["a 3"]


def test_an_error_in_main_is_told_with_its_line():
    code = "def main():\n    def inner(key, pdfs, state):\n        return []\n    1 / 0\n"
    error = replayed_in_pandas(code, (0, "a")).error
    assert (error.error_class, error.line) == ("ZeroDivisionError", 4)


@pytest.mark.parametrize(
    ("code", "message", "advice", "line"),
    [
        ("x = 1\n", "there is no function to call", "Write def fn(key, pdfs, state): …", None),
        (
            "def fn(key, pdfs):\n    pass\n",
            "fn() takes 2 positional arguments but 3 were given",
            "Write def fn(key, pdfs, state): …",
            1,
        ),
    ],
)
def test_what_cannot_be_called_is_told_with_what_to_write(code, message, advice, line):
    error = replayed_in_pandas(code, (0, "a")).error
    assert (error.message, error.advice, error.line) == (message, advice, line)


def test_a_decorator_may_change_what_the_function_takes():
    code = (
        "import functools\n"
        "def whole(function):\n"
        "    @functools.wraps(function)\n"
        "    def called(key, pdfs, state):\n"
        "        return [function(key, pd.concat(pdfs))]\n"
        "    return called\n"
        "@whole\n"
        "def fn(key, pdf):\n"
        "    return pd.DataFrame({'info': [key[0]]})\n"
    )
    assert infos(replayed_in_pandas(code, (0, "a"))) == ["a"]
