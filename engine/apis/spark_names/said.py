"""What a job says on its way to Spark: of a frame, a column, a query. Lives here: these nouns, and where they are gathered."""

from typing import Any, Final, NamedTuple

from engine.apis.advice import advised
from engine.apis.spark_names.types import DataType


class Absent(NamedTuple):
    """Why something is not there: what whoever uses it gets. `line` is where the file asks for it, None where unknown."""

    error_class: type[Exception]
    message: str
    advice: str = ""
    line: int | None = None

    def error(self) -> Exception:
        error = advised(self.error_class(self.message), self.advice)
        error.line = self.line  # type: ignore[attr-defined]  # looked at when no line of the file is running
        return error


class Column(NamedTuple):
    """A column of a frame; `type` is None where the job does not show it."""

    name: str
    type: DataType | None


Columns = tuple[Column, ...]


class Said(NamedTuple):
    """What a job said of a frame, a column or a reader; None where it said nothing, or nothing that can be known.

    `name` is that of a column, or of what was asked for last, of `owner`; `source` is the column that a column is under its
    new name, `type` a column's. A frame has `columns`, and `rows` where they stand in the job; it is grouped by `key`.
    `handed` is the number of the handover that its rows come from, `mode` the output mode of its query. `absent` is why all
    of it is only made up.
    """

    name: str = ""
    owner: "Said | None" = None
    source: str = ""
    type: DataType | None = None
    columns: Columns | None = None
    rows: Any = None
    key: tuple[str, ...] | None = None
    watermark: tuple[str, str] | None = None
    handed: int | None = None
    mode: str | None = None
    absent: Absent | None = None


class Handed(NamedTuple):
    """A function or StatefulProcessor that a job handed to `operator`, with the other arguments by Spark's names for them."""

    operator: str
    function: Any
    arguments: dict[str, Any]
    frame: Said


class Handover:
    """What a job handed to Spark while it was loaded, in order, and what it set around that.

    `modes` are the output modes of the queries over what a handover gives, by its number; `settings` those of the session,
    `widgets` what the notebook's have at first; `decorated` are functions that something unknown was written above;
    `guesses` tell what was made up for the job. `tried_imports` are the packages that it imports under a `try`. Once it is
    loaded, only its function runs.
    """

    def __init__(self) -> None:
        self.made: list[Handed] = []
        self.modes: dict[int, list[str]] = {}
        self.settings: dict[str, Any] = {}
        self.widgets: dict[str, Any] = {}
        self.decorated: list[Any] = []
        self.guesses: list[str] = []
        self.tried_imports: frozenset[str] = frozenset()
        self.is_loading = True

    def begin(self) -> None:
        """Another job is loaded."""
        for gathered in (self.made, self.modes, self.settings, self.widgets, self.decorated, self.guesses):
            gathered.clear()
        self.tried_imports = frozenset()
        self.is_loading = True


#: Filled by `DataFrame.groupBy(…).applyInPandasWithState(function, …)` and its like.
handover: Final = Handover()
