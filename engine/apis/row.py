"""pyspark.sql.Row, as far as a function in the debugger uses it. Lives here: that one class."""

from typing import Any


class Row(tuple[Any, ...]):
    """A row with named fields: `row.amount`, `row["amount"]`, `row[1]`, `row.asDict()`.

    `Row(word="a", count=1)` makes one, `Row("word", "count")` makes a factory, as in PySpark.
    """

    __fields__: tuple[str, ...]

    def __new__(cls, *args: Any, **kwargs: Any) -> "Row":
        if args and kwargs:
            raise ValueError("Can not use both args and kwargs to create Row")
        row = super().__new__(cls, tuple(kwargs.values()) if kwargs else args)
        if kwargs:
            row.__fields__ = tuple(kwargs)
        return row

    @classmethod
    def of(cls, names: tuple[str, ...], values: tuple[Any, ...]) -> "Row":
        row = super().__new__(cls, values)
        row.__fields__ = names
        return row

    def __call__(self, *args: Any) -> "Row":
        """A row with this row's values as its field names."""
        if len(args) > len(self):
            raise ValueError(f"Can not create Row with fields {self}, expected {len(self)} values but got {args}")
        return Row.of(tuple(self), args)

    def asDict(self, recursive: bool = False) -> dict[str, Any]:
        if not hasattr(self, "__fields__"):
            raise TypeError("Cannot convert a Row class into dict")
        values = (_as_dict(value) for value in self) if recursive else self
        return dict(zip(self.__fields__, values, strict=False))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[self.__fields__.index(name)]
        except (ValueError, IndexError):
            raise AttributeError(f"{name}: this row has the fields {', '.join(self.__fields__)}") from None

    def __getitem__(self, item: Any) -> Any:
        if not isinstance(item, str):
            return super().__getitem__(item)
        try:
            return super().__getitem__(self.__fields__.index(item))
        except (ValueError, IndexError):
            raise KeyError(item) from None

    def __contains__(self, item: object) -> bool:
        return item in self.__fields__ if hasattr(self, "__fields__") else super().__contains__(item)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Row.of, (self.__fields__, tuple(self))) if hasattr(self, "__fields__") else (Row, tuple(self))

    def __repr__(self) -> str:
        if hasattr(self, "__fields__"):
            return f"Row({', '.join(f'{n}={v!r}' for n, v in zip(self.__fields__, self, strict=False))})"
        return f"<Row({', '.join(map(repr, self))})>"


def _as_dict(value: Any) -> Any:
    if isinstance(value, Row):
        return value.asDict(recursive=True)
    if isinstance(value, list):
        return [_as_dict(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_dict(item) for key, item in value.items()}
    return value
