"""What `import pyspark…` means in pasted code: the names that stateful functions use, without pyspark, only in a replay."""

import subprocess
import sys

import pytest

from engine.apis.spark_names.modules import installed
from tests.source_tree import ROOT


def run(code: str) -> dict:
    """The names that the code leaves, as in a replay."""
    namespace: dict = {}
    with installed():
        exec(code, namespace)  # noqa: S102 - the code is in this file
    return namespace


def failure(code: str) -> tuple[str, str]:
    with pytest.raises(Exception) as error:  # noqa: PT011 - which one is what is asked
        run(code)
    return type(error.value).__name__, str(error.value)


def test_the_imports_that_stateful_functions_begin_with_work():
    names = run(
        "import pyspark\n"
        "import pyspark.sql.functions as F\n"
        "from pyspark import SparkConf, SparkContext\n"
        "from pyspark.sql import Row, SparkSession, DataFrame, Column, Window, functions, types as T\n"
        "from pyspark.sql.functions import col, window, from_json, udf, pandas_udf\n"
        "from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle\n"
        "from pyspark.sql.streaming.state import GroupState, GroupStateTimeout\n"
        "from pyspark.sql.types import *\n"
        "from pyspark.errors import PySparkValueError, PySparkRuntimeError\n"
        "from pyspark.sql.utils import AnalysisException, StreamingQueryException\n"
        "version = pyspark.__version__\n"
    )
    assert names["version"] == "4.3.0"
    assert names["GroupStateTimeout"].ProcessingTimeTimeout == "ProcessingTimeTimeout"
    assert names["GroupState"].__module__ == "pyspark.sql.streaming.state"
    assert names["StructType"] is names["T"].StructType
    assert "AtomicType" not in names  # `import *` brings what PySpark's __all__ names


def test_a_schema_can_be_written_in_every_way_and_read_back():
    names = run(
        "from pyspark.sql.types import *\n"
        "by_fields = StructType([StructField('a', LongType(), False), StructField('b', ArrayType(StringType()))])\n"
        "by_adding = StructType().add('a', LongType(), False).add('b', 'array<string>')\n"
        "by_ddl = DataType.fromDDL('a bigint not null, b array<string>')\n"
        "by_json = StructType.fromJson(by_fields.jsonValue())\n"
    )
    schemas = [names[name] for name in ("by_fields", "by_adding", "by_ddl", "by_json")]
    assert all(schema == schemas[0] for schema in schemas)
    schema = schemas[0]
    assert schema.simpleString() == "struct<a:bigint,b:array<string>>"
    assert (schema.fieldNames(), schema.names, len(schema)) == (["a", "b"], ["a", "b"], 2)
    assert (schema["a"].dataType.typeName(), schema["a"].nullable, [field.name for field in schema]) == (
        "long",
        False,
        ["a", "b"],
    )
    assert schema.toDDL() == "a BIGINT NOT NULL,b ARRAY<STRING>"
    assert repr(schema[0]) == "StructField('a', LongType(), False)"
    assert schema.json().startswith('{"fields":[{"metadata":{},"name":"a","nullable":false,"type":"long"}')


@pytest.mark.parametrize(
    ("ddl", "shown"),
    [
        ("int", "IntegerType()"),
        ("decimal(10,2)", "DecimalType(10,2)"),
        ("map<string,array<double>>", "MapType(StringType(), ArrayType(DoubleType(), True), True)"),
        (
            "a: byte, b timestamp_ntz",
            "StructType([StructField('a', ByteType(), True), StructField('b', TimestampNTZType(), True)])",
        ),
    ],
)
def test_a_type_prints_as_pyspark_prints_it(ddl, shown):
    assert repr(run(f"from pyspark.sql.types import DataType\nmade = DataType.fromDDL({ddl!r})")["made"]) == shown


def test_a_row_is_read_by_name_by_place_and_as_a_dict():
    names = run(
        "from pyspark.sql import Row\n"
        "row = Row(word='a', count=1)\n"
        "Person = Row('name', 'age')\n"
        "person = Person('x', 3)\n"
        "nested = Row(inner=Row(a=1), many=[Row(b=2)]).asDict(recursive=True)\n"
    )
    row, person = names["row"], names["person"]
    assert (row.word, row["count"], row[0], row[:1], "word" in row, row == ("a", 1)) == (
        "a",
        1,
        "a",
        ("a",),
        True,
        True,
    )
    assert (repr(row), repr(names["Person"]), person.age) == ("Row(word='a', count=1)", "<Row('name', 'age')>", 3)
    assert names["nested"] == {"inner": {"a": 1}, "many": [{"b": 2}]}


@pytest.mark.parametrize(
    ("does", "error"),
    [
        ("row.nope", ("PySparkAttributeError", "[ATTRIBUTE_NOT_SUPPORTED] Attribute `nope` is not supported.")),
        ("row['nope']", ("PySparkValueError", "nope")),
        ("row.a = 2", ("PySparkRuntimeError", "[READ_ONLY] Row is read-only.")),
        ("Row(1, a=2)", ("PySparkValueError", "[CANNOT_SET_TOGETHER] args and kwargs should not be set together.")),
        ("Row('a')(1, 2)", ("PySparkValueError", "[TOO_MANY_VALUES] Expected 1 values for `fields`, got 2.")),
        ("Row(1).asDict()", ("PySparkTypeError", "[CANNOT_CONVERT_TYPE] Cannot convert Row into dict.")),
    ],
)
def test_a_row_fails_in_pysparks_words(does, error):
    assert failure(f"from pyspark.sql import Row\nrow = Row(a=1)\n{does}") == error


@pytest.mark.parametrize(
    ("code", "kind", "there"),
    [
        (
            "from pyspark.sql import Foo",
            "ImportError",
            "pyspark.sql has no 'Foo' in a replay. It has: Column, DataFrame",
        ),
        ("from pyspark.sql.types import Foo", "ImportError", "LongType"),
        ("import pyspark.graphx.lib", "ImportError", "pyspark has no 'graphx' in a replay. It has: Row, SparkConf"),
        (
            "from pyspark.sql.streaming import GroupState",
            "ImportError",
            "write `from pyspark.sql.streaming.state import GroupState`",
        ),
        ("import pyspark\npyspark.sql.Foo", "AttributeError", "It has: Column"),
        ("from pyspark.sql.streaming.state import X", "ImportError", "It has: GroupState, GroupStateTimeout"),
    ],
)
def test_an_unknown_name_fails_with_a_sentence_that_says_what_is_there(code, kind, there):
    found, text = failure(code)
    assert found == kind
    assert there in text


def test_a_name_can_be_asked_for_without_failing():
    assert run("import pyspark\nfound = hasattr(pyspark, 'nope'), getattr(pyspark, 'nope', 7)")["found"] == (False, 7)


def test_a_whole_query_can_be_written_with_stand_ins_and_does_nothing():
    names = run(
        "from pyspark.sql import SparkSession, functions as F\n"
        "spark = SparkSession.builder.appName('x').config('a', 1).getOrCreate()\n"
        "spark.conf.set('spark.sql.shuffle.partitions', '1')\n"
        "n = int(spark.conf.get('x'))\n"
        "df = (spark.readStream.format('kafka').option('a', 'b').load()\n"
        "    .select(F.from_json(F.col('value').cast('string'), 'a int').alias('j')).select('j.*')\n"
        "    .filter((F.col('a') == 1) & ~(F.col('b') > 2) | (F.col('c') != 'x')).withWatermark('ts', '1 minute'))\n"
        "@F.udf('string')\n"
        "def doubled(x):\n    return x + x\n"
        "q = df.groupBy('k').applyInPandasWithState(doubled, 'a int', 'b int', 'update', 'NoTimeout').writeStream.start()\n"
        "while q.isActive:\n    raise AssertionError\n"
        "q.awaitTermination()\n"
        "rows = [row for row in df.collect()]\n"
    )
    assert (names["doubled"]("ab"), names["rows"], names["n"]) == ("abab", [], 0)


def test_the_names_are_gone_after_the_replay():
    before = {name for name in sys.modules if name.startswith("pyspark")}
    finders = list(sys.meta_path)
    run("from pyspark.sql import Row")
    assert {name for name in sys.modules if name.startswith("pyspark")} == before
    assert sys.meta_path == finders


def test_a_pyspark_that_is_installed_is_back_after_the_replay_as_it_was():
    code = (
        "import sys, types\n"
        "real = types.ModuleType('pyspark'); inner = types.ModuleType('pyspark.sql'); inner.SparkSession = 'the real one'\n"
        "sys.modules['pyspark'], sys.modules['pyspark.sql'] = real, inner\n"
        "from engine.apis.spark_names.modules import installed\n"
        "with installed():\n"
        "    from pyspark.sql import SparkSession\n"
        "    print(SparkSession == 'the real one')\n"
        "from pyspark.sql import SparkSession\n"
        "print(SparkSession, sys.modules['pyspark'] is real)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "False\nthe real one True\n"


def test_an_exception_of_pyspark_is_caught_by_name_and_by_pythons_own_kind():
    names = run(
        "from pyspark.errors import PySparkException, PySparkValueError\n"
        "from pyspark.errors.exceptions.base import PySparkTypeError\n"
        "try:\n    raise PySparkValueError(errorClass='STATE_NOT_EXISTS', messageParameters={})\n"
        "except ValueError as error:\n    told = error.getCondition(), str(error), isinstance(error, PySparkException)\n"
        "plain = str(PySparkTypeError('only a text'))\n"
    )
    text = "[STATE_NOT_EXISTS] State is either not defined or has already been removed."
    assert (names["told"], names["plain"]) == (("STATE_NOT_EXISTS", text, True), "only a text")
