"""What a job touches around its function: sessions, frames, columns. Lives here: stand-ins that do nothing, in Spark's names.

A pasted job builds a query out of these and it comes to nothing; what counts is the function that it hands to Spark.
"""

import types
from collections.abc import Iterator
from typing import Any, Final

from engine.apis.spark_names.said import Absent, Handed, Said, handover
from engine.apis.spark_names.steps import METHODS, said_after

#: What a notebook asks for by a widget, whose first value stands beside its name.
_WIDGETS: Final = ("text", "dropdown", "combobox", "multiselect")
_MADE_UP_NUMBER: Final = "The code does not contain the number {}: 0 is used in its place"


class Stub:
    """Any attribute, item, call or operator of it is a stub again; it is empty, mostly false, and does nothing.

    It remembers what the job said of the frame on the way to it. One that stands for what is absent is there while the job
    is loaded only: whoever uses it afterwards gets the error that says what is missing.
    """

    _said = Said()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whatever a job passes is accepted; a class that builds on a stub is one too (its bases are among the arguments)."""
        bases = args[1] if len(args) == 3 and isinstance(args[1], tuple) else ()
        absent = next((base._said.absent for base in bases if isinstance(base, Stub)), None)
        if absent is not None:
            self._said = Said(absent=absent)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        said = self._used()
        return stub_of(said._replace(name=name, source=name, type=None, owner=said._replace(owner=None)))

    def applyInPandasWithState(self, func: Any, *args: Any, **kwargs: Any) -> "Stub":
        """One of the calls that are listened to: this is the function to replay."""
        return self._hand_over("applyInPandasWithState", func, _FUNCTION_ARGUMENTS, args, kwargs)

    def transformWithStateInPandas(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """So is this: here is the processor."""
        return self._hand_over("transformWithStateInPandas", statefulProcessor, _PROCESSOR_ARGUMENTS, args, kwargs)

    def transformWithState(self, statefulProcessor: Any, *args: Any, **kwargs: Any) -> "Stub":
        """And this."""
        return self._hand_over("transformWithState", statefulProcessor, _PROCESSOR_ARGUMENTS, args, kwargs)

    def flatMapGroupsWithState(self, *args: Any, **kwargs: Any) -> "Stub":
        """The JVM's, which people write in Python too: its arguments come in any order there."""
        given = (*args, *kwargs.values())
        function = next((one for one in given if isinstance(one, types.FunctionType)), _STUB)
        timeout = next((one for one in given if isinstance(one, str) and one.endswith("Timeout")), None)
        mode = next((one for one in given if isinstance(one, str) and one.lower() in ("append", "update")), None)
        handover.guesses.append("PySpark has no [map|flatMap]GroupsWithState: it is replayed by the JVM's rules")
        said = {"outputMode": mode, "timeoutConf": timeout}
        return self._hand_over("flatMapGroupsWithState", function, (), (), said)

    def mapGroupsWithState(self, *args: Any, **kwargs: Any) -> "Stub":
        """As above, with one row a call."""
        handover.guesses.append(
            "mapGroupsWithState gives one row per call: here, let the function return that row in a list"
        )
        return self.flatMapGroupsWithState(*args, **kwargs)

    def groupByKey(self, func: Any) -> "Stub":
        """The JVM's way to say the key, as people write it in Python: a function of a row."""
        key = func(_STUB) if isinstance(func, types.FunctionType) else func
        return stub_of(said_after("groupByKey", self._said, (told_of(key),), {}))

    def transform(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        """What the function makes of the frame; there is a column function of this name, too."""
        return func(self, *args, **kwargs) if isinstance(func, types.FunctionType) else self._derived()

    def _hand_over(
        self, operator: str, function: Any, names: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> "Stub":
        arguments = {**dict(zip(names, args, strict=False)), **kwargs}
        handover.made.append(Handed(operator, function, arguments, self._said))
        return stub_of(Said(handed=len(handover.made) - 1))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the method of this name says, as far as it is one of Spark's."""
        said = self._used()
        if said.name not in METHODS:  # as a decorator would be
            handover.decorated += [one for one in args if isinstance(one, types.FunctionType)]
        if said.owner is None:
            return self._derived()
        if said.owner.name in ("conf", "widgets"):
            return _asked(said.owner.name, said.name, args, kwargs)
        given = {name: told_of(value) for name, value in kwargs.items()}
        return stub_of(said_after(said.name, said.owner, tuple(map(told_of, args)), given))

    def __getitem__(self, item: Any) -> "Stub":
        name = item if isinstance(item, str) else ""
        return stub_of(self._used()._replace(name=name, source=name, type=None))

    def __iter__(self) -> Iterator[Any]:
        self._used()
        return iter(())

    def __len__(self) -> int:
        self._used()
        return 0

    def __bool__(self) -> bool:
        """What is in another module is taken to be there: files check their settings before they go on."""
        absent = self._used().absent
        return absent is not None and absent.error_class is ModuleNotFoundError

    def __int__(self) -> int:
        said = self._used()
        if handover.is_loading:
            handover.guesses.append(_MADE_UP_NUMBER.format(said.name or "that it reads"))
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return float(int(self))

    def __hash__(self) -> int:
        return 0

    def __enter__(self) -> "Stub":
        return self._derived()

    def __exit__(self, *args: Any) -> None:
        return None

    def __repr__(self) -> str:
        return "<a stand-in for Spark: nothing runs here but the stateful function>"

    def _used(self) -> Said:
        """What was said on the way here. Raises what is due when something absent is used where it counts."""
        if self._said.absent is not None and not handover.is_loading:
            raise self._said.absent.error()
        return self._said

    def _derived(self) -> "Stub":
        """A stub of which nothing is known, but for what is absent."""
        return stub_of(Said(absent=self._used().absent))

    def _combined(self, *others: Any) -> "Stub":
        return self._derived()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = _combined
    __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = __lt__ = __le__ = __gt__ = __ge__ = _combined
    __floordiv__ = __rfloordiv__ = __rmod__ = __pow__ = __rpow__ = _combined
    __eq__ = __ne__ = _combined  # type: ignore[assignment]  # a comparison of columns is a column


_STUB: Final = Stub()
_FUNCTION_ARGUMENTS: Final = ("outputStructType", "stateStructType", "outputMode", "timeoutConf")
_PROCESSOR_ARGUMENTS: Final = ("outputStructType", "outputMode", "timeMode", "initialState", "eventTimeColumnName")


def stub_of(said: Said) -> Stub:
    """A stub of which this was said."""
    made = Stub()
    made._said = said
    return made


def absent(error_class: type[Exception], message: str, advice: str = "", line: int | None = None) -> Stub:
    """What stands for something that is not here while the job is loaded, and raises this where it is used afterwards."""
    return stub_of(Said(absent=Absent(error_class, message, advice, line)))


def absence_of(value: Any) -> Absent | None:
    """Why a value is only made up; None for one that is there."""
    return value._said.absent if isinstance(value, Stub) else None


def frame_of(value: Any) -> Said | None:
    """What a job said of this frame; None for what is none."""
    return value._said if isinstance(value, Stub) else None


def told_of(value: Any) -> Any:
    """A column or frame among arguments, as what was said of it."""
    if isinstance(value, (list, tuple)) and any(isinstance(one, Stub) for one in value):
        return [told_of(one) for one in value]
    return value._said if isinstance(value, Stub) else value


def _asked(owner: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A setting or a widget of the notebook: what was put there, else what is named for want of it, else a stub."""
    given = (*args, *kwargs.values())
    known = handover.settings if owner == "conf" else handover.widgets
    if method == "get" and given:
        return known.get(given[0], given[1] if len(given) > 1 else _STUB)
    if owner == "conf":
        said_after(method, Said(), args, kwargs)
    elif method in _WIDGETS and len(given) > 1:
        handover.widgets[given[0]] = given[1]
    return _STUB


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
