"""What a job touches around its function: sessions, frames, columns. Lives here: stand-ins that do nothing, in Spark's names.

A pasted job builds a query out of these and it comes to nothing; what counts is the function that it hands to Spark.
"""

import builtins
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from engine.apis.advice import advised
from engine.apis.spark_names.errors import EXCEPTIONS

_ONE_ARGUMENT: Final = ("abs", "max", "min", "sum")


class Said(NamedTuple):
    """What a job said of a frame: the columns that it is grouped by, its watermark as column and delay, and the schema with
    which it is read; None where it said none, or nothing that is simply a name. `name` is that of a column, or of what was
    asked for last."""

    key: tuple[str, ...] | None = None
    watermark: tuple[str, str] | None = None
    schema: Any = None
    name: str = ""


class Handed(NamedTuple):
    """A function or StatefulProcessor that a job handed to `operator`, with the other arguments by Spark's names for them."""

    operator: str
    function: Any
    arguments: dict[str, Any]
    frame: Said


class Handover:
    """What a job handed to Spark while it was loaded, in order, and the schemas of the JSON that it parses.

    Once it is loaded, only its function runs.
    """

    def __init__(self) -> None:
        self.made: list[Handed] = []
        self.parsed_schemas: list[Any] = []
        self.is_loading = True

    def begin(self) -> None:
        """Another job is loaded."""
        self.made.clear()
        self.parsed_schemas.clear()
        self.is_loading = True


#: Filled by `DataFrame.groupBy(…).applyInPandasWithState(function, …)` and its like.
handover: Final = Handover()


class Stub:
    """Any attribute, item, call or operator of it is a stub again; it is empty, false, and does nothing.

    It remembers what the job said of the frame on the way to it.
    """

    _said = Said()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whatever a job passes is accepted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stub(self._said._replace(name=name))

    def groupBy(self, *columns: Any) -> "Stub":
        """The key, when each column is one by name."""
        names = tuple(map(_column_name, _flat(columns)))
        return _stub(self._said._replace(key=names if names and all(names) else None))

    groupby = groupBy

    def withWatermark(self, eventTime: Any = None, delayThreshold: Any = None) -> "Stub":
        """The watermark, when both are texts."""
        both = (eventTime, delayThreshold)
        is_said = all(isinstance(part, str) for part in both)
        return _stub(self._said._replace(watermark=both if is_said else None))

    def alias(self, *names: Any, **_metadata: Any) -> "Stub":
        return _stub(self._said._replace(name=str(names[0]) if names else ""))

    def applyInPandasWithState(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> "Stub":
        """One of the calls that are listened to: this is the function to replay."""
        names = ("outputStructType", "stateStructType", "outputMode", "timeoutConf")
        return self._hand_over("applyInPandasWithState", func, names, args, kwargs)

    def transformWithStateInPandas(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """So is this: here is the processor."""
        return self._hand_over("transformWithStateInPandas", statefulProcessor, _PROCESSOR_ARGUMENTS, args, kwargs)

    def transformWithState(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """And this."""
        return self._hand_over("transformWithState", statefulProcessor, _PROCESSOR_ARGUMENTS, args, kwargs)

    def _hand_over(
        self, operator: str, function: Any, names: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> "Stub":
        arguments = {**dict(zip(names, args, strict=False)), **kwargs}
        handover.made.append(Handed(operator, function, arguments, self._said))
        return _STUB

    def __call__(self, *args: Any, **kwargs: Any) -> "Stub":
        """A column by its name, and the schema with which a stream is read: `schema` is an attribute of a frame, too."""
        said = self._said._replace(name="")
        match self._said.name, (*args, *kwargs.values()):
            case (("col" | "column"), (str(name),)):
                said = said._replace(name=name)
            case "schema", (schema,):
                said = said._replace(schema=schema)
        return _stub(said)

    def __getitem__(self, item: Any) -> "Stub":
        return _stub(self._said._replace(name=item if isinstance(item, str) else ""))

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __hash__(self) -> int:
        return 0

    def __enter__(self) -> "Stub":
        return self

    def __exit__(self, *args: Any) -> None:
        return None

    def __repr__(self) -> str:
        return "<a stand-in for Spark: nothing runs here but the stateful function>"

    def _combined(self, *others: Any) -> "Stub":
        return _STUB

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = _combined
    __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = __lt__ = __le__ = __gt__ = __ge__ = _combined
    __eq__ = __ne__ = _combined  # type: ignore[assignment]  # a comparison of columns is a column


_STUB: Final = Stub()
_PROCESSOR_ARGUMENTS: Final = ("outputStructType", "outputMode", "timeMode", "initialState", "eventTimeColumnName")


def _stub(said: Said) -> Stub:
    made = Stub()
    made._said = said
    return made


def _flat(columns: Iterable[Any]) -> Iterator[Any]:
    """Columns may be given in a list, too."""
    for column in columns:
        if isinstance(column, (list, tuple)):
            yield from column
        else:
            yield column


def _column_name(column: Any) -> str:
    return column if isinstance(column, str) else column._said.name if isinstance(column, Stub) else ""


class ColumnFunction(Stub):
    """A function of pyspark.sql.functions: it makes a column while a job builds its query.

    Where the stateful function runs, no session is there that could make one, and PySpark's function fails.
    """

    def __init__(self, name: str) -> None:
        self._said = Said(name=name)

    def __call__(self, *args: Any, **kwargs: Any) -> Stub:
        if not handover.is_loading:
            raise _no_column(self._said.name, args)
        if self._said.name == "from_json" and len(args) > 1:
            handover.parsed_schemas.append(args[1])
        return super().__call__(*args, **kwargs)


def _no_column(name: str, args: tuple[Any, ...]) -> Exception:
    """What PySpark 4.3 raises in the worker for the ways in which such a function is called by mistake."""
    error: Exception
    if name in _ONE_ARGUMENT and len(args) != 1:
        error = TypeError(f"{name}() takes 1 positional argument but {len(args)} were given")
    elif args and not isinstance(args[0], (str, Stub)):
        given = {"arg_name": "col", "expected_type": "Column or str", "arg_type": type(args[0]).__name__}
        error = EXCEPTIONS["PySparkTypeError"](errorClass="NOT_EXPECTED_TYPE", messageParameters=given)
    else:
        error = EXCEPTIONS["PySparkRuntimeError"](errorClass="SESSION_OR_CONTEXT_NOT_EXISTS", messageParameters={})
    cure = (
        f"`import *` has put it in the place of Python's own {name}: write `from pyspark.sql import functions as F`"
        if hasattr(builtins, name)
        else "Compute with Python or pandas here"
    )
    return advised(error, f"This {name} is the one of pyspark.sql.functions, which makes columns of a query. {cure}")


class SparkSession(Stub):
    """`SparkSession.builder…getOrCreate()` gives a session whose frames are empty."""

    builder = _STUB

    @classmethod
    def active(cls) -> Stub:
        return _STUB

    @classmethod
    def getActiveSession(cls) -> Stub:
        return _STUB


class GroupStateTimeout:
    """The timeout confs, by name."""

    NoTimeout: Final = "NoTimeout"
    ProcessingTimeTimeout: Final = "ProcessingTimeTimeout"
    EventTimeTimeout: Final = "EventTimeTimeout"


GroupStateTimeout.__module__ = "pyspark.sql.streaming.state"


def function_maker(*args: Any, **kwargs: Any) -> Any:
    """`udf` and `pandas_udf`, as decorators with or without arguments: the function stays what it is."""
    if args and isinstance(args[0], types.FunctionType):
        return args[0]
    return lambda function: function


def stub_class(name: str) -> type[Stub]:
    """A class of this name that is a stub: for names that a job only builds its query with."""
    return type(name, (Stub,), {})
