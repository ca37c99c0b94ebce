"""pyspark.sql.types: the classes of Spark's types. Lives here: what jobs write with them, and DDL in both directions.

They say the same as engine.model.schema, in the words of PySpark. Nothing in the replay computes with them.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final

from engine.apis.row import Row
from engine.apis.spark_names.errors import PySparkKeyError, PySparkValueError
from engine.model.schema import DataType as ModelType
from engine.model.schema import SchemaError, parse_ddl

_MODULE: Final = "pyspark.sql.types"


class DataType:
    """The base of all types. Equal when of one class with equal parts, as in PySpark."""

    _simple_name: ClassVar[str] = ""

    @classmethod
    def typeName(cls) -> str:
        return cls.__name__.removesuffix("Type").lower()

    def simpleString(self) -> str:
        return self._simple_name or self.typeName()

    def jsonValue(self) -> Any:
        return self.typeName()

    def json(self) -> str:
        return json.dumps(self.jsonValue(), separators=(",", ":"), sort_keys=True)

    @classmethod
    def fromDDL(cls, ddl: str) -> "DataType":
        """The type that a DDL string names: "a int, b string" a StructType, "int" an IntegerType."""
        return from_ddl(ddl)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(repr(self))


def _demand(holds: bool, text: str) -> None:
    """PySpark asserts what it is given."""
    if not holds:
        raise AssertionError(text)


class AtomicType(DataType):
    pass


class NumericType(AtomicType):
    pass


class IntegralType(NumericType):
    pass


class FractionalType(NumericType):
    pass


class NullType(DataType):
    @classmethod
    def typeName(cls) -> str:
        return "void"


class StringType(AtomicType):
    pass


class BinaryType(AtomicType):
    pass


class BooleanType(AtomicType):
    pass


class DateType(AtomicType):
    pass


class TimestampType(AtomicType):
    pass


class TimestampNTZType(AtomicType):
    @classmethod
    def typeName(cls) -> str:
        return "timestamp_ntz"


class ByteType(IntegralType):
    _simple_name = "tinyint"


class ShortType(IntegralType):
    _simple_name = "smallint"


class IntegerType(IntegralType):
    _simple_name = "int"


class LongType(IntegralType):
    _simple_name = "bigint"


class FloatType(FractionalType):
    pass


class DoubleType(FractionalType):
    pass


class DecimalType(FractionalType):
    def __init__(self, precision: int = 10, scale: int = 0) -> None:
        self.precision = precision
        self.scale = scale
        self.hasPrecisionInfo = True

    def simpleString(self) -> str:
        return f"decimal({self.precision},{self.scale})"

    def jsonValue(self) -> str:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"DecimalType({self.precision},{self.scale})"


class VarcharType(AtomicType):
    def __init__(self, length: int) -> None:
        self.length = length

    def simpleString(self) -> str:
        return f"{self.typeName()}({self.length})"

    def jsonValue(self) -> str:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.length})"


class CharType(VarcharType):
    pass


class ArrayType(DataType):
    def __init__(self, elementType: DataType, containsNull: bool = True) -> None:
        _demand(isinstance(elementType, DataType), f"elementType {elementType} should be an instance of {DataType}")
        self.elementType = elementType
        self.containsNull = containsNull

    def simpleString(self) -> str:
        return f"array<{self.elementType.simpleString()}>"

    def jsonValue(self) -> dict[str, Any]:
        return {"type": "array", "elementType": self.elementType.jsonValue(), "containsNull": self.containsNull}

    def __repr__(self) -> str:
        return f"ArrayType({self.elementType!r}, {self.containsNull})"


class MapType(DataType):
    def __init__(self, keyType: DataType, valueType: DataType, valueContainsNull: bool = True) -> None:
        _demand(isinstance(keyType, DataType), f"keyType {keyType} should be an instance of {DataType}")
        _demand(isinstance(valueType, DataType), f"valueType {valueType} should be an instance of {DataType}")
        self.keyType = keyType
        self.valueType = valueType
        self.valueContainsNull = valueContainsNull

    def simpleString(self) -> str:
        return f"map<{self.keyType.simpleString()},{self.valueType.simpleString()}>"

    def jsonValue(self) -> dict[str, Any]:
        return {
            "type": "map",
            "keyType": self.keyType.jsonValue(),
            "valueType": self.valueType.jsonValue(),
            "valueContainsNull": self.valueContainsNull,
        }

    def __repr__(self) -> str:
        return f"MapType({self.keyType!r}, {self.valueType!r}, {self.valueContainsNull})"


class StructField(DataType):
    def __init__(
        self, name: str, dataType: DataType, nullable: bool = True, metadata: dict[str, Any] | None = None
    ) -> None:
        _demand(isinstance(dataType, DataType), f"dataType {dataType} should be an instance of {DataType}")
        _demand(isinstance(name, str), f"field name {name} should be a string")
        self.name = name
        self.dataType = dataType
        self.nullable = nullable
        self.metadata = metadata or {}

    def simpleString(self) -> str:
        return f"{self.name}:{self.dataType.simpleString()}"

    def jsonValue(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.dataType.jsonValue(),
            "nullable": self.nullable,
            "metadata": self.metadata,
        }

    @classmethod
    def fromJson(cls, json: dict[str, Any]) -> "StructField":
        return cls(json["name"], _from_json_value(json["type"]), json.get("nullable", True), json.get("metadata"))

    def __repr__(self) -> str:
        return f"StructField('{self.name}', {self.dataType!r}, {self.nullable})"


class StructType(DataType):
    def __init__(self, fields: list[StructField] | None = None) -> None:
        self.fields = list(fields or [])
        _demand(all(isinstance(field, StructField) for field in self.fields), "fields should be a list of StructField")
        self.names = [field.name for field in self.fields]

    def add(
        self,
        field: str | StructField,
        data_type: str | DataType | None = None,
        nullable: bool = True,
        metadata: dict[str, Any] | None = None,
    ) -> "StructType":
        """Add a field and return the struct itself, so that calls can be chained."""
        if not isinstance(field, StructField):
            if data_type is None:
                condition = "passing name of struct_field to create"
                parameters = {"arg_name": "data_type", "condition": condition}
                raise PySparkValueError(errorClass="ARGUMENT_REQUIRED", messageParameters=parameters)
            type_ = _from_json_value(data_type) if isinstance(data_type, str) else data_type
            field = StructField(field, type_, nullable, metadata)
        self.fields.append(field)
        self.names.append(field.name)
        return self

    def fieldNames(self) -> list[str]:
        return list(self.names)

    def simpleString(self) -> str:
        return f"struct<{','.join(field.simpleString() for field in self)}>"

    def jsonValue(self) -> dict[str, Any]:
        return {"type": "struct", "fields": [field.jsonValue() for field in self]}

    @classmethod
    def fromJson(cls, json: dict[str, Any]) -> "StructType":
        return cls([StructField.fromJson(field) for field in json["fields"]])

    def toDDL(self) -> str:
        return ",".join(
            f"{field.name} {field.dataType.simpleString().upper()}{'' if field.nullable else ' NOT NULL'}"
            for field in self
        )

    def __iter__(self) -> Iterator[StructField]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            for field in self.fields:
                if field.name == key:
                    return field
            raise PySparkKeyError(errorClass="KEY_NOT_EXISTS", messageParameters={"key": key})
        return StructType(self.fields[key]) if isinstance(key, slice) else self.fields[key]

    def __repr__(self) -> str:
        return f"StructType([{', '.join(map(repr, self.fields))}])"


_SIMPLE: Final[tuple[type[DataType], ...]] = (
    NullType,
    StringType,
    BinaryType,
    BooleanType,
    DateType,
    TimestampType,
    TimestampNTZType,
    ByteType,
    ShortType,
    IntegerType,
    LongType,
    FloatType,
    DoubleType,
)
_WITH_PARTS: Final[tuple[type[DataType], ...]] = (
    DecimalType,
    CharType,
    VarcharType,
    ArrayType,
    MapType,
    StructField,
    StructType,
)
_BASES: Final[tuple[type[DataType], ...]] = (AtomicType, NumericType, IntegralType, FractionalType)
_BY_SIMPLE_NAME: Final = {made().simpleString(): made for made in _SIMPLE}


def from_ddl(ddl: str) -> DataType:
    """The type that a DDL string names. Raises PySparkValueError with our own words of what was expected where."""
    try:
        return StructType([StructField(f.name, _from_model(f.type), f.nullable) for f in parse_ddl(ddl)])
    except SchemaError as not_a_struct:
        try:
            return _from_model(parse_ddl(f"it {ddl}")[0].type)
        except SchemaError:
            parameters = {"msg": str(not_a_struct)}
            raise PySparkValueError(errorClass="CANNOT_PARSE_DATATYPE", messageParameters=parameters) from None


def _from_model(type_: ModelType) -> DataType:
    if type_.name == "decimal":
        return DecimalType(type_.precision, type_.scale)
    if type_.name == "struct":
        return StructType([StructField(f.name, _from_model(f.type), f.nullable) for f in type_.fields])
    if type_.name == "array" and type_.element:
        return ArrayType(_from_model(type_.element))
    if type_.name == "map" and type_.key and type_.element:
        return MapType(_from_model(type_.key), _from_model(type_.element))
    return _BY_SIMPLE_NAME[type_.name]()


def _from_json_value(value: Any) -> DataType:
    if isinstance(value, str):
        return from_ddl(value)
    readers: dict[str, Callable[[], DataType]] = {
        "array": lambda: ArrayType(_from_json_value(value["elementType"]), value["containsNull"]),
        "map": lambda: MapType(
            _from_json_value(value["keyType"]), _from_json_value(value["valueType"]), value["valueContainsNull"]
        ),
        "struct": lambda: StructType.fromJson(value),
    }
    return readers[value["type"]]()


_PUBLIC: Final[tuple[type[DataType], ...]] = (DataType, *_SIMPLE, *_WITH_PARTS)
#: What `from pyspark.sql.types import *` brings.
TYPES: Final[dict[str, Any]] = {**{made.__name__: made for made in _PUBLIC}, "Row": Row}
#: What it has besides.
BASES: Final[dict[str, Any]] = {
    **{made.__name__: made for made in _BASES},
    "_parse_datatype_string": from_ddl,
}
for _made in (*_PUBLIC, *_BASES):
    _made.__module__ = _MODULE
