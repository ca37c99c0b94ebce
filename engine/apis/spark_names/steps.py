"""What a step of a job says: groupBy, withWatermark, select, outputMode and their like. Lives here: one row a method.

A step is given what was said so far of the object that the method belongs to, and what the method was given; columns among
that are what was said of them. What is not listed here keeps frames as they are, but for their columns.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from engine.apis.spark_names.columns import (
    SOURCES,
    columns_of,
    columns_of_rows,
    from_expression,
    literal_type,
    renamed,
    selected,
    type_of,
    with_column,
)
from engine.apis.spark_names.said import Said, handover

_SET_IN_SQL: Final = re.compile(r"\s*SET\s+([\w.]{1,200})\s*=\s*(\S{1,200})\s*", re.IGNORECASE)

Step = Callable[..., Said]


def said_after(method: str, said: Said, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Said:
    """What is said once the method was called. Arguments that do not fit Spark's are not looked at."""
    step = _STEPS.get(method)
    if step is None:
        return said if method in _KEEPS else said._replace(name="", source="", type=None, columns=None, rows=None)
    try:
        return step(said, *args, **kwargs)
    except TypeError:  # other arguments than Spark's
        return said._replace(columns=None)


def flat(given: Iterable[Any]) -> Iterator[Any]:
    """Columns may be given in a list, too."""
    for one in given:
        if isinstance(one, (list, tuple)) and not isinstance(one, Said):
            yield from one
        else:
            yield one


def _column(said: Said, col: Any = "") -> Said:
    return Said(name=col, source=col, absent=said.absent) if isinstance(col, str) else said


def _group_by(said: Said, *cols: Any) -> Said:
    """The key, when each column is one by name."""
    names = tuple(map(_column_name, flat(cols)))
    return said._replace(key=names if names and all(names) else None)


def _column_name(given: Any) -> str:
    """ "" for what is no column by name, or is one whose name stands in another file."""
    if not isinstance(given, Said):
        return given if isinstance(given, str) else ""
    is_of_another_file = given.absent is not None and given.absent.error_class is ModuleNotFoundError
    return "" if is_of_another_file else given.name


def _group_by_key(said: Said, func: Any) -> Said:
    return said._replace(key=(func.name,) if isinstance(func, Said) and func.name else None)


def _with_watermark(said: Said, eventTime: Any, delayThreshold: Any) -> Said:
    """The watermark, when both are texts."""
    is_said = isinstance(eventTime, str) and isinstance(delayThreshold, str)
    if not is_said:
        handover.guesses.append("The watermark that it passes to withWatermark is defined elsewhere: choose it below")
    return said._replace(watermark=(eventTime, delayThreshold) if is_said else None)


def _format(said: Said, source: Any) -> Said:
    return said._replace(columns=columns_of(SOURCES.get(source, "")) if isinstance(source, str) else None)


def _schema(said: Said, schema: Any) -> Said:
    return said._replace(columns=columns_of(schema))


def _read(said: Said, path: Any = None, schema: Any = None, **_options: Any) -> Said:
    return said if schema is None else _schema(said, schema)


def _create(said: Said, data: Any = None, schema: Any = None, *_more: Any, **_options: Any) -> Said:
    rows = data if isinstance(data, (list, tuple)) and not isinstance(data, Said) else None
    return said._replace(columns=columns_of(schema) or columns_of_rows(schema, rows), rows=rows)


def _select(said: Said, *cols: Any) -> Said:
    return said._replace(columns=selected(said.columns, flat(cols)), rows=None)


def _select_expr(said: Said, *expr: Any) -> Said:
    return _select(said, *map(from_expression, flat(expr)))


def _with_column(said: Said, colName: Any, col: Any) -> Said:
    return said._replace(columns=with_column(said.columns, colName, col), rows=None)


def _with_columns(said: Said, colsMap: Any) -> Said:
    for name, column in dict(colsMap).items():
        said = _with_column(said, name, column)
    return said


def _rename(said: Said, existing: Any, new: Any) -> Said:
    return said._replace(columns=renamed(said.columns, {existing: new}), rows=None)


def _drop(said: Said, *cols: Any) -> Said:
    names = {str(one.name if isinstance(one, Said) else one).lower() for one in cols}
    kept = tuple(column for column in said.columns or () if column.name.lower() not in names)
    return said._replace(columns=None if said.columns is None else kept, rows=None)


def _cast(said: Said, dataType: Any) -> Said:
    return said._replace(type=type_of(dataType))


def _alias(said: Said, *names: Any, **_metadata: Any) -> Said:
    return said._replace(name=str(names[0]) if names else "", source=said.source or said.name)


def _otherwise(said: Said, *values: Any) -> Said:
    return said._replace(type=said.type or literal_type(values[-1]))


def _output_mode(said: Said, outputMode: Any) -> Said:
    return said._replace(mode=outputMode if isinstance(outputMode, str) else said.mode)


def _start(said: Said, *_args: Any, outputMode: Any = None, **_options: Any) -> Said:
    """A query begins, in append mode when it names none."""
    if said.handed is not None:
        mode = outputMode if isinstance(outputMode, str) else said.mode
        handover.modes.setdefault(said.handed, []).append((mode or "append").lower())
    return said


def _set(said: Said, key: Any = None, value: Any = None, *, map: Any = None, conf: Any = None) -> Said:  # noqa: A002 - Spark's
    """A setting of the session, by whichever of Spark's ways."""
    for name, setting in {**(map if isinstance(map, dict) else {}), key: value}.items():
        if isinstance(name, str) and name.startswith("spark."):
            handover.settings[name] = setting
    return said


def _sql(said: Said, sqlQuery: Any = "", *_args: Any, **_more: Any) -> Said:
    """A setting may be one in SQL, too; a frame is not known by its query."""
    found = _SET_IN_SQL.fullmatch(sqlQuery) if isinstance(sqlQuery, str) else None
    return _set(said, *found.groups()) if found else said._replace(columns=None)


def _set_all(said: Said, pairs: Any) -> Said:
    return _set(said, map=dict(pairs))


_STEPS: Final[dict[str, Step]] = {
    **dict.fromkeys(("col", "column"), _column),
    **dict.fromkeys(("groupBy", "groupby"), _group_by),
    "groupByKey": _group_by_key,
    "withWatermark": _with_watermark,
    "format": _format,
    "schema": _schema,
    **dict.fromkeys(("json", "csv", "parquet", "orc", "load"), _read),
    "createDataFrame": _create,
    "select": _select,
    "selectExpr": _select_expr,
    "withColumn": _with_column,
    "withColumns": _with_columns,
    "withColumnRenamed": _rename,
    "drop": _drop,
    **dict.fromkeys(("cast", "astype", "try_cast"), _cast),
    **dict.fromkeys(("alias", "name"), _alias),
    **dict.fromkeys(("when", "otherwise"), _otherwise),
    "outputMode": _output_mode,
    **dict.fromkeys(("start", "toTable"), _start),
    **dict.fromkeys(("set", "config", "setConf"), _set),
    "sql": _sql,
    "setAll": _set_all,
}
#: Steps after which a frame has the columns that it had.
_UNCHANGED: Final = """
filter where dropDuplicates drop_duplicates dropDuplicatesWithinWatermark distinct repartition coalesce limit sort orderBy
hint fillna dropna cache persist checkpoint observe option options union unionByName sample trigger queryName foreachBatch
foreach partitionBy
"""
_KEEPS: Final = frozenset(_UNCHANGED.split())
#: The methods that are known here.
METHODS: Final = _KEEPS | _STEPS.keys()
