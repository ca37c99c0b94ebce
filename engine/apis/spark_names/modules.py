"""What `import pyspark…` finds inside pasted code. Lives here: the table of modules, and the time while it is in force.

The names are there only inside `installed()`; before and after it, pyspark is whatever the process has, or nothing.
"""

import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from typing import Any, Final

from engine.apis.pyspark_group_state import GroupState
from engine.apis.row import Row
from engine.apis.spark_names.absent_modules import absent_modules
from engine.apis.spark_names.column_functions import ColumnFunction
from engine.apis.spark_names.errors import EXCEPTIONS
from engine.apis.spark_names.function_names import FUNCTION_NAMES
from engine.apis.spark_names.said import handover
from engine.apis.spark_names.stubs import (
    GroupStateTimeout,
    SparkSession,
    Stub,
    function_maker,
    stub_class,
)
from engine.apis.spark_names.types import BASES, TYPES
from engine.apis.stateful_processor.base import ExpiredTimerInfo, StatefulProcessor, TimerValues
from engine.apis.stateful_processor.handle import StatefulProcessorHandle
from engine.apis.stateful_processor.variables import ListState, MapState, ValueState
from engine.model.versions import FOLLOWED

_ROOT: Final = "pyspark"


def _stub_classes(names: str) -> dict[str, Any]:
    return {name: stub_class(name) for name in names.split()}


_SQL: Final[dict[str, Any]] = {
    "SparkSession": SparkSession,
    "Row": Row,
    **_stub_classes("DataFrame Column Window WindowSpec GroupedData SQLContext HiveContext Observation"),
}
_STREAMING: Final[dict[str, Any]] = {
    "StatefulProcessor": StatefulProcessor,
    "StatefulProcessorHandle": StatefulProcessorHandle,
    "StreamingQueryException": EXCEPTIONS["StreamingQueryException"],
    **_stub_classes("StreamingQuery StreamingQueryListener StreamingQueryManager DataStreamReader DataStreamWriter"),
}
_STATEFUL_PROCESSOR: Final[dict[str, Any]] = {
    "StatefulProcessor": StatefulProcessor,
    "StatefulProcessorHandle": StatefulProcessorHandle,
    "ValueState": ValueState,
    "ListState": ListState,
    "MapState": MapState,
    "TimerValues": TimerValues,
    "ExpiredTimerInfo": ExpiredTimerInfo,
}


#: Every module that is there, with its names; the parents of each are there too.
_MODULES: Final[dict[str, dict[str, Any]]] = {
    "pyspark": {
        "__version__": FOLLOWED,
        "Row": Row,
        **_stub_classes("SparkConf SparkContext StorageLevel TaskContext"),
    },
    "pyspark.errors": EXCEPTIONS,
    "pyspark.errors.exceptions": {},
    "pyspark.errors.exceptions.base": EXCEPTIONS,
    "pyspark.errors.exceptions.captured": EXCEPTIONS,
    "pyspark.sql": _SQL,
    "pyspark.sql.column": {"Column": _SQL["Column"]},
    "pyspark.sql.dataframe": {"DataFrame": _SQL["DataFrame"]},
    "pyspark.sql.functions": {"udf": function_maker, "pandas_udf": function_maker},
    "pyspark.sql.session": {"SparkSession": SparkSession},
    "pyspark.sql.streaming": _STREAMING,
    "pyspark.sql.streaming.query": {"StreamingQuery": _STREAMING["StreamingQuery"]},
    "pyspark.sql.streaming.state": {"GroupState": GroupState, "GroupStateTimeout": GroupStateTimeout},
    "pyspark.sql.streaming.stateful_processor": _STATEFUL_PROCESSOR,
    "pyspark.sql.types": {**TYPES, **BASES},
    "pyspark.sql.utils": EXCEPTIONS,
    "pyspark.sql.window": {"Window": _SQL["Window"], "WindowSpec": _SQL["WindowSpec"]},
}


#: Modules in which every name is a stub: functions build columns, and no column is ever computed.
_OPEN_MODULES: Final = frozenset({"pyspark.sql.functions"})
#: Modules that jobs use around their function only; all of their names are stubs.
_AROUND: Final = """
pipelines testing testing.sqlutils testing.streamingutils testing.utils conf context storagelevel util rdd
ml ml.classification ml.clustering ml.evaluation ml.feature ml.functions ml.linalg ml.recommendation ml.regression ml.tuning
sql.avro sql.avro.functions sql.protobuf sql.protobuf.functions sql.connect sql.connect.session sql.catalog sql.conf
sql.context sql.datasource sql.group sql.readwriter sql.streaming.listener sql.streaming.readwriter sql.udf
"""
#: Modules whose `import *` brings less than all they have.
_STARS: Final[dict[str, Sequence[str]]] = {
    "pyspark.sql.types": tuple(TYPES),
    "pyspark.sql.functions": FUNCTION_NAMES,
}


@contextmanager
def installed() -> Iterator[None]:
    """While it lasts `import pyspark…` finds these names, also where pyspark is installed; then all is as before."""
    before = _take_out_pyspark()
    made = _module_objects(_MODULES)
    finder = _Finder(made)
    sys.modules.update(made)
    sys.meta_path.insert(0, finder)
    handover.begin()
    try:
        with absent_modules():
            yield
    finally:
        sys.meta_path.remove(finder)
        for name in made:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _take_out_pyspark() -> dict[str, types.ModuleType]:
    """The modules of pyspark that are loaded. Without it the table, which is long, is not gone through: a new process
    shares its memory until it is touched."""
    if _ROOT not in sys.modules:
        return {}
    names = [name for name in sys.modules if _is_pyspark(name)]
    return {name: sys.modules.pop(name) for name in names}


def _is_pyspark(name: str) -> bool:
    return name == _ROOT or name.startswith(_ROOT + ".")


def _module_objects(table: dict[str, dict[str, Any]]) -> dict[str, types.ModuleType]:
    made = {name: _module(name, members) for name, members in table.items()}
    made |= {name: _module(name, {}, _any_stub) for name in (f"{_ROOT}.{path}" for path in _AROUND.split())}
    for name, module in made.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    return made


def _module(name: str, members: dict[str, Any], unknown: Callable[[str], Any] | None = None) -> types.ModuleType:
    module = types.ModuleType(name, "A part of PySpark's names, for pasted code.")
    module.__dict__.update(members)
    module.__dict__["__path__"] = []  # a package: unknown names are then asked of the finder, which can explain
    if name in _OPEN_MODULES:
        unknown = _any_function
    module.__dict__["__getattr__"] = unknown or _explaining(module)
    module.__dict__["__all__"] = _STARS.get(name, [member for member in members if not member.startswith("_")])
    return module


def _any_function(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return ColumnFunction(name)


def _any_stub(name: str) -> Stub:
    if name.startswith("__"):
        raise AttributeError(name)
    return Stub()


def _explaining(module: types.ModuleType) -> Callable[[str], Any]:
    def explain(name: str) -> Any:
        raise AttributeError(name if name.startswith("__") else _what_is_there(module, name))

    return explain


def _what_is_there(module: types.ModuleType, name: str) -> str:
    elsewhere = next((path for path, names in _MODULES.items() if name in names and path != "pyspark"), None)
    if elsewhere is not None:
        return f"{module.__name__} has no '{name}': write `from {elsewhere} import {name}`"
    there = ", ".join(sorted(name for name in vars(module) if not name.startswith("_"))) or "nothing"
    return f"{module.__name__} has no '{name}' in a replay. It has: {there}"


class _Finder:
    """Answers for modules of pyspark that are not there, with a sentence that says what is."""

    def __init__(self, made: dict[str, types.ModuleType]) -> None:
        self._made = made

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """None for what is not pyspark's; raises ImportError for a name of pyspark that a replay does not have."""
        if not _is_pyspark(fullname):
            return None
        parent, _, name = fullname.rpartition(".")
        raise ImportError(_what_is_there(self._made[parent], name), name=fullname)
