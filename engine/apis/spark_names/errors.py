"""pyspark.errors: the exceptions that PySpark raises, with its own texts. Lives here: the classes, no reason to raise one.

The names, the module and the constructor are PySpark's, so that code which catches them, and people who search the web
for their text, find what they know.
"""

from typing import Any, Final

_MODULE: Final = "pyspark.errors.exceptions.base"

#: The texts of pyspark/errors/error-conditions.json that can come up here.
_TEXTS: Final = {
    "ARGUMENT_REQUIRED": "Argument `<arg_name>` is required when <condition>.",
    "ATTRIBUTE_NOT_SUPPORTED": "Attribute `<attr_name>` is not supported.",
    "CANNOT_BE_NONE": "Argument `<arg_name>` cannot be None.",
    "CANNOT_CONVERT_TYPE": "Cannot convert <from_type> into <to_type>.",
    "CANNOT_PARSE_DATATYPE": "Unable to parse datatype. <msg>.",
    "CANNOT_SET_TOGETHER": "<arg_list> should not be set together.",
    "CANNOT_WITHOUT": "Cannot <condition1> without <condition2>.",
    "INVALID_TIMEOUT_TIMESTAMP": (
        "Timeout timestamp (<timestamp>) cannot be earlier than the current watermark (<watermark>)."
    ),
    "KEY_NOT_EXISTS": "Key `<key>` does not exist.",
    "NOT_EXPECTED_TYPE": "Argument `<arg_name>` should be <expected_type>, got <arg_type>.",
    "READ_ONLY": "<object> is read-only.",
    "RESULT_COLUMN_SCHEMA_MISMATCH": (
        "Number of columns of the returned data doesn't match specified schema. Expected: <expected> Actual: <actual>"
    ),
    "SESSION_OR_CONTEXT_NOT_EXISTS": "SparkContext or SparkSession should be created first.",
    "STATE_NOT_EXISTS": "State is either not defined or has already been removed.",
    "STOP_ITERATION_OCCURRED": "Caught StopIteration thrown from user's code; failing the task: <exc>",
    "TOO_MANY_VALUES": "Expected <expected> values for `<item>`, got <actual>.",
    "UDF_RETURN_TYPE": "Return type of the user-defined function should be <expected>, but is <actual>.",
    "UNEXPECTED_TUPLE_WITH_STRUCT": "Unexpected tuple <tuple> with StructType.",
    "VALUE_NOT_POSITIVE": "Value for `<arg_name>` must be positive, got '<arg_value>'.",
}


class PySparkException(Exception):
    """The base of all; `advice` is our own sentence, for the page."""

    advice = ""

    def __init__(
        self,
        message: str | None = None,
        errorClass: str | None = None,
        messageParameters: dict[str, str] | None = None,
        contexts: list[Any] | None = None,
    ) -> None:
        self._message = _text(errorClass, messageParameters or {}) if message is None else message
        self._errorClass = errorClass
        self._messageParameters = messageParameters
        self._contexts = contexts or []
        # PySpark does not call Exception's own: what was given by name is not among `args`, nor in the repr.

    def getCondition(self) -> str | None:
        return self._errorClass

    def getErrorClass(self) -> str | None:
        return self._errorClass

    def getMessageParameters(self) -> dict[str, str] | None:
        return self._messageParameters

    def getSqlState(self) -> str | None:
        return None

    def getMessage(self) -> str:
        return f"[{self._errorClass}] {self._message}"

    def getQueryContext(self) -> list[Any]:
        return self._contexts

    def __str__(self) -> str:
        return self.getMessage() if self._errorClass is not None else self._message


def _text(error_class: str | None, parameters: dict[str, str]) -> str:
    text = _TEXTS.get(error_class or "", "")
    for name, value in parameters.items():
        text = text.replace(f"<{name}>", value)
    return text


class PySparkValueError(PySparkException, ValueError):
    pass


class PySparkTypeError(PySparkException, TypeError):
    pass


class PySparkRuntimeError(PySparkException, RuntimeError):
    pass


class PySparkAttributeError(PySparkException, AttributeError):
    pass


class PySparkKeyError(PySparkException, KeyError):
    pass


class IllegalArgumentException(PySparkException):
    pass


class AnalysisException(PySparkException):
    pass


def _made(name: str, *bases: type) -> type:
    return type(name, bases, {})


#: What `from pyspark.errors import …` finds.
EXCEPTIONS: Final[dict[str, type]] = {
    exception.__name__: exception
    for exception in (
        PySparkException,
        PySparkValueError,
        PySparkTypeError,
        PySparkRuntimeError,
        PySparkAttributeError,
        PySparkKeyError,
        IllegalArgumentException,
        AnalysisException,
        _made("PySparkIndexError", PySparkException, IndexError),
        _made("PySparkAssertionError", PySparkException, AssertionError),
        _made("PySparkNotImplementedError", PySparkException, NotImplementedError),
        _made("PySparkImportError", PySparkException, ImportError),
        _made("PySparkPicklingError", PySparkException),
        _made("ParseException", AnalysisException),
        _made("TempTableAlreadyExistsException", AnalysisException),
        _made("NumberFormatException", IllegalArgumentException),
        _made("ArithmeticException", PySparkException),
        _made("ArrayIndexOutOfBoundsException", PySparkException),
        _made("DateTimeException", PySparkException),
        _made("PythonException", PySparkException),
        _made("QueryExecutionException", PySparkException),
        _made("SparkNoSuchElementException", PySparkException),
        _made("SparkRuntimeException", PySparkException),
        _made("SparkUpgradeException", PySparkException),
        _made("StreamingQueryException", PySparkException),
        _made("UnknownException", PySparkException),
        _made("UnsupportedOperationException", PySparkException),
    )
}
for _exception in EXCEPTIONS.values():
    _exception.__module__ = _MODULE
