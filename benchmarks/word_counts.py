"""The same word count for each API: its source, the query around it, and how Spark is asked for it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

_OUTPUT: Final = "word string, count long"
_FUNCTION: Final = """\
def count(key, pdfs, state):
    count = sum(len(pdf) for pdf in pdfs) + (state.get[0] if state.exists else 0)
    state.update((count,))
    state.setTimeoutDuration(600_000)
    yield pd.DataFrame({"word": [key[0]], "count": [count]})
"""
_PROCESSOR: Final = """\
class Count(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.count = handle.getValueState("count", "count long")

    def handleInputRows(self, key, rows, timerValues):
        count = sum({of_rows}) + (self.count.get()[0] if self.count.exists() else 0)
        self.count.update((count,))
        for timer_ms in self.handle.listTimers():
            self.handle.deleteTimer(timer_ms)
        self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 600_000)
        yield {output}

    def close(self):
        pass
"""


class WordCount(NamedTuple):
    """One API's: `fields` of the scenario, and `plan`, which asks Spark for it over the DataFrame of the words."""

    fields: dict[str, Any]
    plan: Callable[[Any], Any]
    is_processor: bool = False
    in_rows: bool = False

    def load(self, names: dict[str, Any]) -> Any:
        """The function or the class, its source run with these names."""
        namespace = {**names, "__name__": "word_count"}
        exec(self.fields["code"], namespace)  # noqa: S102 - our own text
        return namespace[self.fields["entry"]]


def _apply_in_pandas() -> WordCount:
    fields = {
        "api": "applyInPandasWithState",
        "code": _FUNCTION,
        "entry": "count",
        "state_schema": "count long",
        "timeout_conf": "ProcessingTimeTimeout",
    }

    def plan(rows: Any) -> Any:
        import pandas as pd  # noqa: PLC0415 - what the function uses

        function = word_count.load({"pd": pd})
        groups = rows.groupBy("word")
        return groups.applyInPandasWithState(function, _OUTPUT, "count long", "update", "ProcessingTimeTimeout")

    word_count = WordCount(fields, plan)
    return word_count


def _transform(api: str, of_rows: str, output: str, in_rows: bool) -> WordCount:
    code = _PROCESSOR.format(of_rows=of_rows, output=output)
    fields = {"api": api, "code": code, "entry": "Count", "time_mode": "ProcessingTime"}

    def plan(rows: Any) -> Any:
        import pandas as pd  # noqa: PLC0415 - what the processor uses
        from pyspark.sql import Row  # noqa: PLC0415 - it needs pyspark
        from pyspark.sql.streaming import StatefulProcessor  # noqa: PLC0415 - it needs pyspark

        processor = word_count.load({"pd": pd, "Row": Row, "StatefulProcessor": StatefulProcessor})
        return getattr(rows.groupBy("word"), api)(processor(), _OUTPUT, "update", "ProcessingTime")

    word_count = WordCount(fields, plan, is_processor=True, in_rows=in_rows)
    return word_count


WORD_COUNTS: Final = {
    "applyInPandasWithState": _apply_in_pandas(),
    "transformWithStateInPandas": _transform(
        "transformWithStateInPandas",
        "len(pdf) for pdf in rows",
        'pd.DataFrame({"word": [key[0]], "count": [count]})',
        in_rows=False,
    ),
    "transformWithState": _transform(
        "transformWithState", "1 for row in rows", "Row(word=key[0], count=count)", in_rows=True
    ),
}
