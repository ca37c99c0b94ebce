"""The names of a function's module as each task of Spark has them, when it unpickles the function: as they were at first.

Lives here: an operator around another one that puts them back before each task. Only the second replay, which looks for
what a function remembers outside its state, is made so; what PySpark pickles has this in every replay (fresh.py).
"""

from typing import Any

from engine.apis.fresh import copies, used_values
from engine.model.trace import ErrorRecord, RowsAs
from engine.replay.intake import TypedRows
from engine.replay.operator import Call, CallResult, Group, InitialCalls, Operator, Policy


class NamesAnew:
    """The operator, with the values of the module `namespace` that the code uses put back before each partition."""

    def __init__(self, operator: Operator, namespace: dict[str, Any]) -> None:
        self.policy: Policy = operator.policy
        self.rows_as: RowsAs = operator.rows_as
        self._operator = operator
        self._namespace = namespace
        self._first = used_values(namespace)

    @property
    def output_names(self) -> tuple[str, ...]:
        return self._operator.output_names

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """A task begins."""
        self._namespace.update(copies(self._first))
        return self._operator.begin_partition(rows, groups)

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        return self._operator.begin_initial_state(rows, groups)

    def call(self, call: Call) -> CallResult:
        return self._operator.call(call)

    def end_calls(self) -> ErrorRecord | None:
        return self._operator.end_calls()

    def take_metrics(self) -> dict[str, int]:
        return self._operator.take_metrics()
