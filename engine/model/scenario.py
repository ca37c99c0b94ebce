"""The scenario: everything a replay depends on. Lives here: the noun and its own types. Plan-time rules of Spark do not."""

from typing import Any, Literal

import msgspec

from engine.model.rows import Rows

Api = Literal["updateState", "applyInPandasWithState", "transformWithStateInPandas", "transformWithState"]
Semantics = Literal["tutorial", "spark"]
NO_ROWS = Rows()


class Watermark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`withWatermark(column, delay)`; the delay is an interval string such as "10 seconds"."""

    column: str
    delay: str


class InitialState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """State that is there before the first batch."""

    schema: str
    key: str | list[str]
    rows: list[dict[str, Any]]

    @property
    def key_columns(self) -> tuple[str, ...]:
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One trigger: the clock when it fired, and the rows that had arrived. Whether a batch runs is Spark's rule."""

    processing_time_ms: int
    rows: Rows = NO_ROWS


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One function, one stream, and the query around it (docs/formats.md has every field).

    `api` names one of Spark's stateful operators; `semantics` matters to updateState only. Schemas are DDL strings.
    `timeout_conf` and `time_mode` None mean the API's own default; `query_output_mode` None the operator's. `pre` and
    `post` are what a job does before and after the operator: not replayed, but what Spark refuses for them is told.
    """

    format: Literal[1] = 1
    title: str = ""
    about: str = ""
    api: Api
    semantics: Semantics = "tutorial"
    code: str
    entry: str | None = None
    input_schema: str | None = None
    key: str | list[str] | None = None
    output_schema: str | None = None
    state_schema: str | None = None
    output_mode: str = "update"
    query_output_mode: str | None = None
    timeout_conf: str | None = None
    time_mode: str | None = None
    event_time_column_name: str | None = None
    watermark: Watermark | None = None
    initial_state: InitialState | None = None
    shuffle_partitions: int = 1
    input_partitions: int = 1
    conf: dict[str, Any] = {}
    restart_before: list[int] = []
    pre: str | None = None
    post: str | None = None
    batches: list[Batch]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns of the rows, in order of first appearance (a declared input schema may name more)."""
        names: dict[str, None] = {}
        for batch in self.batches:
            names.update(dict.fromkeys(batch.rows.names))
        return tuple(names)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The grouping columns; without a key the first column of the rows."""
        if self.key is None:
            return self.column_names[:1]
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)
