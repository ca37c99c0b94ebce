"""What Python's own pickle cannot write, by which PySpark's client sends state values (SEMANTICS 5.21). Lives here: that.

Unlike the pickle of applyInPandasWithState it finds a class by its module, and no worker of Spark's can import the job.
"""

import copy
import types
from typing import Any, Final

from engine.apis.entry import USER_MODULE
from engine.apis.group_state import ATOMS

_NAMED: Final = (type, types.FunctionType)


class PicklingError(Exception):
    """Pickle's own error."""


PicklingError.__module__ = "_pickle"


def demand_picklable(value: Any) -> None:
    """Raises what pickle raises in Spark's worker: PicklingError for the user's own classes, TypeError for a generator."""
    kind = type(value)
    if kind in ATOMS:
        return
    if kind is dict:
        demand_picklable([*value.keys(), *value.values()])
    elif kind in (list, tuple, set, frozenset):
        for item in value:
            demand_picklable(item)
    else:
        _demand_importable(value if isinstance(value, _NAMED) else kind)
        copy.deepcopy(value)  # takes the same way as pickle, and says the same of what has none


def _demand_importable(named: Any) -> None:
    if named.__module__ == USER_MODULE:
        told = repr(named).replace(USER_MODULE, "__main__")
        raise PicklingError(f"Can't pickle {told}: attribute lookup {named.__qualname__} on __main__ failed")
