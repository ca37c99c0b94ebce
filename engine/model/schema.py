"""Schemas as Spark's DDL writes them ("word string, count long"). Lives here: types and the reader of DDL."""

import re
from typing import Final

import msgspec


class DataType(msgspec.Struct, frozen=True):
    """One of Spark's types. `name` is Spark's simple name for it ("bigint"); the rest is for nested types only.

    array: `element`. map: `key`, `element` (its values). struct: `fields`. decimal: `precision`, `scale`.
    """

    name: str
    element: "DataType | None" = None
    key: "DataType | None" = None
    fields: "tuple[Field, ...]" = ()
    precision: int = 10
    scale: int = 0

    def holds(self, names: frozenset[str]) -> bool:
        """This type, or a type inside it, has one of the names."""
        inner = (self.element, self.key, *(field.type for field in self.fields))
        return self.name in names or any(part is not None and part.holds(names) for part in inner)


class Field(msgspec.Struct, frozen=True):
    name: str
    type: DataType
    nullable: bool = True


Schema = tuple[Field, ...]

#: The names that DDL accepts, and Spark's simple name of the type (sql/catalyst/.../parser/DataTypeAstBuilder).
SIMPLE_NAMES: Final = {
    "string": "string",
    "long": "bigint",
    "bigint": "bigint",
    "int": "int",
    "integer": "int",
    "short": "smallint",
    "smallint": "smallint",
    "byte": "tinyint",
    "tinyint": "tinyint",
    "double": "double",
    "float": "float",
    "real": "float",
    "boolean": "boolean",
    "binary": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_ltz": "timestamp",
    "timestamp_ntz": "timestamp_ntz",
    "decimal": "decimal",
    "dec": "decimal",
    "numeric": "decimal",
    "void": "void",
}
TIMESTAMP = DataType("timestamp")
STRING = DataType("string")

_TOKEN: Final = re.compile(r"\s*(?:(`(?:[^`]|``)*`)|('(?:[^'\\]|\\.)*')|([A-Za-z0-9_]+)|([<>(),:]))")
_MAX_DEPTH: Final = 50
#: How many digits a decimal of Spark has at most (DecimalType.MAX_PRECISION).
MAX_DIGITS: Final = 38
#: More of a number is not read: Python refuses to make one of thousands.
_MOST_NUMERALS: Final = 9


class SchemaError(ValueError):
    """A DDL string that Spark would not read; the message says where and what was expected.

    `position` counts from 0, `found` is the word there ("" at the end), `is_type` whether it stands where a type is due.
    `spark_message` is what Spark says to a type that is none although it can be read, else "".
    """

    def __init__(
        self, message: str, position: int = 0, found: str = "", is_type: bool = False, spark_message: str = ""
    ) -> None:
        super().__init__(message)
        self.spark_message = spark_message
        self.position = position
        self.found = found
        self.is_type = is_type


def parse_ddl(text: str) -> Schema:
    """The fields of a DDL string such as "k string, v array<long>" or "struct<k:string>".

    Raises SchemaError with the position (from 1) and what was expected there.
    """
    return _Reader(text).schema()


def parse_table_ddl(text: str) -> Schema:
    """As `parse_ddl`, but only what Spark's StructType.fromDDL reads: columns with a space before their type, and no
    "struct<…>" around them. It lets a name stand twice."""
    return _Reader(text).table()


class _Reader:
    """A recursive-descent reader over the tokens of one DDL string."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.index = 0

    def schema(self) -> Schema:
        if self.peek().lower() == "struct" and self.peek(1) == "<":
            fields = self.type(0).fields
        else:
            fields = self.fields(until="", depth=0)
        if self.peek():
            raise self.expected("a comma or the end")
        if len({field.name for field in fields}) < len(fields):
            raise SchemaError(f"a column name appears twice in '{self.text}'; give each column its own name")
        return fields

    def table(self) -> Schema:
        fields = self.fields(until="", depth=0, colon="")
        if self.peek():
            raise self.expected("a comma or the end")
        return fields

    def fields(self, until: str, depth: int, colon: str = ":") -> Schema:
        if self.peek() == until:
            return ()
        fields = [self.field(depth, colon)]
        while self.accept(","):
            fields.append(self.field(depth, colon))
        return tuple(fields)

    def field(self, depth: int, colon: str) -> Field:
        name = self.name()
        if colon:
            self.accept(colon)
        field_type = self.type(depth)
        nullable = not self.accept_words("not", "null")
        if self.accept_words("comment"):
            self.take()
        return Field(name, field_type, nullable)

    def name(self) -> str:
        token = self.peek()
        if not token or token in "<>(),:" or token.startswith("'"):
            raise self.expected("a column name")
        self.take()
        return token[1:-1].replace("``", "`") if token.startswith("`") else token

    def type(self, depth: int) -> DataType:
        if depth > _MAX_DEPTH:
            raise SchemaError(f"'{self.text[:40]}…' is nested deeper than {_MAX_DEPTH} levels")
        word = self.peek().lower()
        nested = {"array": self.array, "map": self.map, "struct": self.struct}.get(word)
        if nested is not None:
            self.take()
            return nested(depth + 1)
        if word not in SIMPLE_NAMES:
            raise self.expected("a type such as string, long, double, boolean, timestamp", is_type=True)
        self.take()
        return self.decimal() if SIMPLE_NAMES[word] == "decimal" else DataType(SIMPLE_NAMES[word])

    def array(self, depth: int) -> DataType:
        self.demand("<")
        element = self.type(depth)
        self.demand(">")
        return DataType("array", element=element)

    def map(self, depth: int) -> DataType:
        self.demand("<")
        key = self.type(depth)
        self.demand(",")
        element = self.type(depth)
        self.demand(">")
        return DataType("map", key=key, element=element)

    def struct(self, depth: int) -> DataType:
        self.demand("<")
        fields = self.fields(until=">", depth=depth)
        self.demand(">")
        return DataType("struct", fields=fields)

    def decimal(self) -> DataType:
        precision, scale = 10, 0
        if self.accept("("):
            precision = self.number()
            if self.accept(","):
                scale = self.number()
            self.demand(")")
        self.demand_decimal(precision, scale)
        return DataType("decimal", precision=precision, scale=scale)

    def demand_decimal(self, precision: int, scale: int) -> None:
        """Raises SchemaError for a decimal that Spark does not have (DecimalType)."""
        if scale > precision:
            raise SchemaError(
                f"decimal({precision},{scale}) in '{self.text}' has more digits after the point than digits",
                spark_message=f"\n[DECIMAL_SCALE_EXCEEDS_PRECISION] Decimal scale ({scale}) cannot be greater than precision "
                f"({precision}). SQLSTATE: 22003\n== SQL ==\n{self.text}",
            )
        if precision > MAX_DIGITS:
            raise SchemaError(
                f"decimal({precision},{scale}) in '{self.text}' has more digits than Spark's decimals, which have {MAX_DIGITS}",
                spark_message=f"[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision {precision} exceeds max precision "
                f"{MAX_DIGITS}. SQLSTATE: 22003",
            )

    def number(self) -> int:
        if not self.peek().isdigit():
            raise self.expected("a number")
        return int(self.take()[:_MOST_NUMERALS])

    def peek(self, ahead: int = 0) -> str:
        position = self.index + ahead
        return self.tokens[position][0] if position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.index += 1
        return token

    def accept(self, token: str) -> bool:
        if self.peek() != token:
            return False
        self.index += 1
        return True

    def accept_words(self, *words: str) -> bool:
        if any(self.peek(i).lower() != word for i, word in enumerate(words)):
            return False
        self.index += len(words)
        return True

    def demand(self, token: str) -> None:
        if not self.accept(token):
            raise self.expected(f"'{token}'")

    def expected(self, what: str, is_type: bool = False) -> SchemaError:
        position = self.tokens[self.index][1] if self.index < len(self.tokens) else len(self.text)
        found = f"'{self.peek()}'" if self.peek() else "the end"
        message = f"expected {what} at position {position + 1} of '{self.text}', found {found}"
        return SchemaError(message, position, self.peek(), is_type)


def _tokens(text: str) -> list[tuple[str, int]]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SchemaError(
                f"'{text[position:].strip()[0]}' at position {position + 1} of '{text}' does not belong in a schema"
            )
        token = match.group().strip()
        tokens.append((token, match.end() - len(token)))
        position = match.end()
    return tokens


#: How many bits the whole numbers of Spark have, the sign among them.
INTEGER_BITS: Final = {"bigint": 64, "int": 32, "smallint": 16, "tinyint": 8}
#: The simple types under the names that people write in a schema; the rest are written as Spark calls them.
_WRITTEN_NAMES: Final = {"bigint": "long", "smallint": "short", "tinyint": "byte"}
_BARE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def ddl_of(schema: Schema) -> str:
    """The DDL string of a schema, which `parse_ddl` reads as the same: "word string, count long"."""
    return ", ".join(f"{_name_ddl(field.name)} {_type_ddl(field.type)}{_null_ddl(field)}" for field in schema)


def _type_ddl(data_type: DataType) -> str:
    if data_type.name == "decimal":
        return f"decimal({data_type.precision},{data_type.scale})"
    if data_type.name == "array" and data_type.element:
        return f"array<{_type_ddl(data_type.element)}>"
    if data_type.name == "map" and data_type.key and data_type.element:
        return f"map<{_type_ddl(data_type.key)}, {_type_ddl(data_type.element)}>"
    if data_type.name == "struct":
        fields = (f"{_name_ddl(field.name)}: {_type_ddl(field.type)}{_null_ddl(field)}" for field in data_type.fields)
        return f"struct<{', '.join(fields)}>"
    return _WRITTEN_NAMES.get(data_type.name, data_type.name)


def _name_ddl(name: str) -> str:
    return name if _BARE_NAME.fullmatch(name) else f"`{name.replace('`', '``')}`"


def _null_ddl(field: Field) -> str:
    return "" if field.nullable else " not null"
