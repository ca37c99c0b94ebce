"""A StopIteration that leaves the user's function, as PySpark tells of it (util.fail_on_stopiteration). Lives here: that."""

from typing import Final

from engine.apis.advice import advised
from engine.apis.spark_names.errors import PySparkRuntimeError

_ADVICE: Final = "next(…) found nothing more: write next(rows, None), or a loop over rows"


def stopped(error: StopIteration, advice: str = _ADVICE) -> PySparkRuntimeError:
    """PySpark's own error in its place: a function that is no generator would seem to have come to its end."""
    told = PySparkRuntimeError(errorClass="STOP_ITERATION_OCCURRED", messageParameters={"exc": str(error)})
    return advised(told, advice).with_traceback(error.__traceback__)


def stopped_in_generator(error: StopIteration, advice: str = _ADVICE) -> RuntimeError:
    """Python's own error in its place, where PySpark calls the function inside a generator of its own."""
    return advised(RuntimeError("generator raised StopIteration"), advice).with_traceback(error.__traceback__)
