"""What a job touches around its function: sessions, frames, columns. Lives here: stand-ins that do nothing, in Spark's names.

A pasted job builds a query out of these and it comes to nothing; what counts is the function that it hands to Spark.
"""

import types
from collections.abc import Callable, Iterator
from typing import Any, Final


class Handover:
    """What a job handed to Spark while it was loaded, in order: functions, or StatefulProcessors."""

    def __init__(self) -> None:
        self.functions: list[Any] = []


#: Filled by `DataFrame.groupBy(…).applyInPandasWithState(function, …)` and its like; emptied when the names are installed.
handover: Final = Handover()


class Stub:
    """Any attribute, item, call or operator of it is a stub again; it is empty, false, and does nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whatever a job passes is accepted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _STUB

    def applyInPandasWithState(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> "Stub":
        """One of the calls that are listened to: this is the function to replay."""
        handover.functions.append(func)
        return _STUB

    def transformWithStateInPandas(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """So is this: here is the processor."""
        handover.functions.append(statefulProcessor)
        return _STUB

    def transformWithState(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """And this."""
        handover.functions.append(statefulProcessor)
        return _STUB

    def __call__(self, *args: Any, **kwargs: Any) -> "Stub":
        return _STUB

    def __getitem__(self, item: Any) -> "Stub":
        return _STUB

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
