"""The differences from Spark's answers that we accept, each with its reason. No case is left out for one."""

from fnmatch import fnmatchcase
from typing import NamedTuple


class Accepted(NamedTuple):
    """Case and place as patterns (`*` is anything)."""

    case: str
    place: str
    reason: str


ACCEPTED = (
    Accepted(
        "state_types_round_trip",
        "*",
        "arrays and maps in the state schema kill PySpark 4.2.1 to 4.3.0 before the first call, and work on 4.1: the "
        "scenario runs here, and a note says so (engine.model.versions)",
    ),
    Accepted("error_update_lambda", "*, call *", "an object without a value is shown by its repr, with an address"),
    Accepted("error_update_user_object", "*, call *", "the same"),
    Accepted("error_update_series", "*, call *", "the harness wrote a Series by its repr, a trace by its values"),
    Accepted("state_silent_conversions", "*, operations", "the same of a Timedelta, and of numbers beyond 64 bits"),
    Accepted("update_with_pandas_na_and_timedelta_are_null", "*, operations", "as are pandas' own NA and Timedelta"),
    Accepted("input_nested_types", "*, rows", "fields that a struct did not bring are not in the row of a trace"),
    Accepted("*nested_key_deep", "*, rows", "the same, and a decimal in it has the digits with which it came"),
    Accepted(
        "twsrow_nested_field_as_key", "*, rows", "the column that Spark makes of the field is in no row that came"
    ),
    Accepted(
        "tws_error_list_timers_with_time_mode_none",
        "error",
        "the harness itself asked for the state after the call, and met the closed socket first: EOFError without it",
    ),
    Accepted(
        "tws_output_concatenated_texts",
        "*",
        "pyarrow keeps the texts that pd.concat joined in pieces, of which Spark's worker dies; the replay has no pyarrow",
    ),
    Accepted(
        "twsrow_timer_rows_*",
        "*, output rows",
        "the harness counted the Rows that a timer's handler gave, a trace has those that could be taken",
    ),
    Accepted("twsrow_input_dtypes", "*, rows", "a trace points at the rows as they came, not as pyarrow has them"),
    Accepted("error_stop_iteration", "*, call 0, error", "the harness saw the function's own error, before PySpark's"),
    Accepted("error_set_timeout_timestamp_true", "*, after, timeout_ms", "the harness saw True before the JVM did"),
    Accepted("timeout_beyond_64_bits_wraps_around", "*, after, timeout_ms", "the harness saw it before the JVM did"),
)


def is_accepted(case: str, place: str) -> bool:
    return any(fnmatchcase(case, row.case) and fnmatchcase(place, row.place) for row in ACCEPTED)
