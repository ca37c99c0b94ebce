"""pyspark.sql.functions: each name makes a column while a job builds its query. Lives here: that, and how it fails elsewhere."""

import builtins
from typing import Any, Final

from engine.apis.advice import advised
from engine.apis.spark_names.columns import function_type
from engine.apis.spark_names.errors import EXCEPTIONS
from engine.apis.spark_names.said import Said, handover
from engine.apis.spark_names.steps import said_after
from engine.apis.spark_names.stubs import Stub, stub_of, told_of

_ONE_ARGUMENT: Final = ("abs", "max", "min", "sum")


class ColumnFunction(Stub):
    """A function of pyspark.sql.functions: it makes a column while a job builds its query.

    Where the stateful function runs, no session is there that could make one, and PySpark's function fails.
    """

    def __init__(self, name: str) -> None:
        self._said = Said(name=name)

    def __call__(self, *args: Any, **kwargs: Any) -> Stub:
        if not handover.is_loading:
            raise _no_column(self._said.name, args)
        name = self._said.name
        told = tuple(map(told_of, (*args, *kwargs.values())))
        if name in ("col", "column"):
            return stub_of(said_after(name, Said(), told, {}))
        return stub_of(Said(type=function_type(name, told)))


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
        f"`import *` has replaced Python's own {name}: write `from pyspark.sql import functions as F`"
        if hasattr(builtins, name)
        else "Compute with Python or pandas here"
    )
    return advised(error, f"This {name} is the one from pyspark.sql.functions, which makes columns of a query. {cure}")
