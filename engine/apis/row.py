"""pyspark.sql.Row, as far as a function in the debugger uses it. Lives here: that one class."""

from typing import Any

from engine.apis.advice import advised
from engine.apis.spark_names.errors import (
    PySparkAttributeError,
    PySparkKeyError,
    PySparkRuntimeError,
    PySparkTypeError,
    PySparkValueError,
)


class Row(tuple[Any, ...]):
    """A row with named fields: `row.amount`, `row["amount"]`, `row[1]`, `row.asDict()`.

    `Row(word="a", count=1)` makes one, `Row("word", "count")` makes a factory, as in PySpark.
    """

    __fields__: tuple[str, ...]

    def __new__(cls, *args: Any, **kwargs: Any) -> "Row":
        if args and kwargs:
            parameters = {"arg_list": "args and kwargs"}
            raise PySparkValueError(errorClass="CANNOT_SET_TOGETHER", messageParameters=parameters)
        return cls.of(tuple(kwargs), tuple(kwargs.values())) if kwargs else super().__new__(cls, args)

    @classmethod
    def of(cls, names: tuple[str, ...], values: tuple[Any, ...]) -> "Row":
        """A row with these field names."""
        row = tuple.__new__(cls, values)
        row.__dict__["__fields__"] = names
        return row

    def __call__(self, *args: Any) -> "Row":
        """A row with this row's values as its field names."""
        if len(args) > len(self):
            parameters = {"expected": str(len(self)), "item": "fields", "actual": str(len(args))}
            raise PySparkValueError(errorClass="TOO_MANY_VALUES", messageParameters=parameters)
        return Row.of(tuple(self), args)

    def asDict(self, recursive: bool = False) -> dict[str, Any]:
        """The values by field name; `recursive` turns the rows inside into dicts too."""
        if "__fields__" not in self.__dict__:
            parameters = {"from_type": "Row", "to_type": "dict"}
            raise PySparkTypeError(errorClass="CANNOT_CONVERT_TYPE", messageParameters=parameters)
        values = map(_as_dict, self) if recursive else self
        return dict(zip(self.__fields__, values, strict=False))

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("__fields__", ())
        if name not in fields:
            asked = name if "__fields__" in self.__dict__ else "__fields__"  # what PySpark itself asks for first
            error = PySparkAttributeError(errorClass="ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": asked})
            raise advised(error, f"This row has the fields {', '.join(fields)}" if fields else "")
        return self[fields.index(name)]

    def __setattr__(self, name: str, value: Any) -> None:
        raise PySparkRuntimeError(errorClass="READ_ONLY", messageParameters={"object": "Row"})

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, (int, slice)):
            return super().__getitem__(item)
        try:
            return super().__getitem__(self.__fields__.index(item))
        except IndexError:
            raise PySparkKeyError(errorClass="KEY_NOT_EXISTS", messageParameters={"key": str(item)}) from None
        except ValueError:
            fields = ", ".join(self.__fields__)
            raise advised(PySparkValueError(item), f"This row has the fields {fields}") from None

    def __contains__(self, item: object) -> bool:
        fields = self.__dict__.get("__fields__")
        return super().__contains__(item) if fields is None else item in fields

    def __reduce__(self) -> tuple[Any, ...]:
        fields = self.__dict__.get("__fields__")
        return (Row, tuple(self)) if fields is None else (Row.of, (fields, tuple(self)))

    def __repr__(self) -> str:
        fields = self.__dict__.get("__fields__")
        if fields is None:
            return f"<Row({', '.join(map(repr, self))})>"
        return f"Row({', '.join(f'{name}={value!r}' for name, value in zip(fields, self, strict=False))})"


Row.__module__ = "pyspark.sql.types"


def _as_dict(value: Any) -> Any:
    if isinstance(value, Row):
        return value.asDict(recursive=True)
    if isinstance(value, list):
        return [_as_dict(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_dict(item) for key, item in value.items()}
    return value
