"""Types that a state variable may declare and Spark's state store cannot have (SEMANTICS 5.25). Lives here: that check.

Spark writes the schema of every variable as Avro, whose maps have keys of text only, before the first batch of a run.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from engine.apis.stateful_processor.task import Variable
from engine.model.schema import DataType
from engine.model.trace import ErrorRecord

_DUPLICATE: Final = "org.apache.avro.AvroRuntimeException"
_ERROR: Final = "org.apache.spark.sql.avro.IncompatibleSchemaException"
#: What Scala calls the types that have no parts.
_SCALA_NAMES: Final = {
    "bigint": "LongType",
    "int": "IntegerType",
    "smallint": "ShortType",
    "tinyint": "ByteType",
    "timestamp_ntz": "TimestampNTZType",
    "void": "NullType",
}


def unstorable_error(variables: Iterable[Variable]) -> ErrorRecord | None:
    """What kills the query when `init` has run on the driver; None when every variable can be stored."""
    for variable in variables:
        for schema in filter(None, (variable.key, variable.value)):
            twice = _twice(schema.names)
            if twice is not None:
                return _duplicate(variable.name, *twice)
            unfit = next((one for type_ in schema.types for one in _unfit(type_)), None)
            if unfit is not None:
                advice = f"Give the map in '{variable.name}' keys of type string, or use a MapState instead"
                return ErrorRecord(_ERROR, f"Unexpected type {_scala(unfit)}.", advice=advice)
    return None


def _twice(names: tuple[str, ...]) -> tuple[str, int, int] | None:
    """A name that appears twice, and its places."""
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    return next(((name, first[name], place) for place, name in enumerate(names) if place > first[name]), None)


def _duplicate(variable: str, name: str, first: int, second: int) -> ErrorRecord:
    message = f"Duplicate field {name} in record topLevelRecord: {name} type:UNION pos:{second} and {name} type:UNION "
    return ErrorRecord(
        _DUPLICATE, f"{message}pos:{first}.", advice=f"Give each field of '{variable}' a name of its own"
    )


def _unfit(type_: DataType) -> Iterator[DataType]:
    """The maps inside a type, itself included, whose keys are no text."""
    if type_.key is not None and type_.key.name != "string":
        yield type_
    for inner in (type_.element, *(field.type for field in type_.fields)):
        if inner is not None:
            yield from _unfit(inner)


def _scala(type_: DataType) -> str:
    """`DataType.toString` in Scala: "MapType(IntegerType,StringType,true)". DDL lets every part be NULL."""
    if type_.name == "array" and type_.element:
        return f"ArrayType({_scala(type_.element)},true)"
    if type_.name == "map" and type_.key and type_.element:
        return f"MapType({_scala(type_.key)},{_scala(type_.element)},true)"
    if type_.name == "struct":
        fields = (f"StructField({part.name},{_scala(part.type)},{str(part.nullable).lower()})" for part in type_.fields)
        return f"StructType({','.join(fields)})"
    if type_.name == "decimal":
        return f"DecimalType({type_.precision},{type_.scale})"
    return _SCALA_NAMES.get(type_.name, f"{type_.name.capitalize()}Type")
