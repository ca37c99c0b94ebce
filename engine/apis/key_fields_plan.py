"""What Spark refuses of a key that is a field of a struct, as in `groupBy("s.a")`. Lives here: those refusals, in its words.

The goldens `nested_field_…` have them as Spark 4.3.0 gave them.
"""

from typing import Final

from engine.model.columns import columns_of
from engine.model.key_fields import NoField, is_field, key_field, key_fields
from engine.model.scenario import Scenario
from engine.model.schema import parse_ddl
from engine.model.trace import ErrorRecord
from engine.replay.intake import own_schema_of

_PACKAGE: Final = "org.apache.spark.sql.catalyst.expressions"


def field_error(scenario: Scenario) -> ErrorRecord | None:
    """A part of a column that is not there, or of a column that has none."""
    columns = columns_of(scenario)
    for name in scenario.key_columns if scenario.input_schema else ():
        if is_field(scenario, name, columns):
            try:
                key_field(scenario, name, parse_ddl(scenario.input_schema or ""))
            except NoField as error:
                advice = f"Choose one of {', '.join(columns)}, or a field of one"
                return ErrorRecord("AnalysisException", str(error), advice=advice, field="key")
    return None


def cast_error(scenario: Scenario) -> ErrorRecord | None:
    """What kills the first batch of an operator that takes all that it groups by for columns."""
    fields = key_fields(scenario, own_schema_of(scenario))
    if not fields:
        return None
    found, wanted = f"{_PACKAGE}.{fields[0].readers[-1]}", f"{_PACKAGE}.Attribute"
    message = (
        f"class {found} cannot be cast to class {wanted} ({found} and {wanted} are in unnamed module of loader 'app')"
    )
    advice = f"Here Spark groups only by columns: make a column of {fields[0].name} first, with withColumn or select"
    return ErrorRecord("java.lang.ClassCastException", message, advice=advice, field="key")
