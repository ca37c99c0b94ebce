"""Rows of a scenario on their way into Spark, each with its place among them. Lives here: that way, there and back."""

import json
from collections.abc import Iterable
from typing import Any

from pyspark.sql.functions import col, from_json

from engine.spark.jvm import json_row
from engine.spark.recording import ROW_INDEX


def lines_of(rows: Iterable[dict[str, Any]], schema: str) -> list[str]:
    """A line of JSON for each row, with its index; `schema` is DDL."""
    return [json.dumps({"index": index, "row": json_row(row, schema)}) for index, row in enumerate(rows)]


def rows_of(lines: Any, schema: str) -> Any:
    """The DataFrame of the rows from that of the lines (`value`); their index is its last column."""
    parsed = lines.select(from_json("value", f"index int, row struct<{schema}>").alias("read"))
    return parsed.select("read.row.*", col("read.index").alias(ROW_INDEX))
