"""updateState: flatMapGroupsWithState in plain Python, in two semantics. Lives here: its state object and its calls.

"spark" is the JVM's operator to the letter (SEMANTICS 1 and 3); "tutorial" differs in `_FORGETS` and in lists for values.
"""

from collections.abc import Callable
from typing import Any, Final

from engine.apis.catalog import timeout_conf_of
from engine.apis.group_state import ATOMS, Touched, Written, frozen, unsaved, write_back
from engine.apis.initial_state import initial_states
from engine.apis.jvm_group_state import GroupState, TimeoutConf
from engine.apis.output_columns import OutputColumns, rows_from
from engine.apis.row import Row
from engine.apis.user_code import UserCode, ending_of, error_record
from engine.model import rules
from engine.model.columns import places_in
from engine.model.key_cells import cell_maker, value_of
from engine.model.scenario import Scenario, Semantics
from engine.model.state import NO_STATE, KeyState
from engine.model.trace import Reason, RowsAs
from engine.replay.intake import TypedRows, schema_of
from engine.replay.operator import Call, CallResult, Group, InitialCalls, Policy

#: What the function may use without an import.
NAMES: Final = {"GroupState": GroupState, "Row": Row}


def _forget_timed_out(touched: Touched, stored: KeyState, reason: Reason) -> Written:
    """The tutorial's rule: a key that timed out is forgotten, unless the call said itself what to keep or set."""
    is_touched = touched.was_updated or touched.was_removed or touched.timeout_set_ms is not None
    if reason == "timeout" and not is_touched:
        return Written(NO_STATE, 0, 1, rules.TUTORIAL_FORGETS.id)
    return write_back(touched, stored, stored.timers_ms)


def _keep_timed_out(touched: Touched, stored: KeyState, reason: Reason) -> Written:
    """The JVM's rule: a timeout deletes nothing by itself (SEMANTICS 1.5, 1.6)."""
    return write_back(touched, stored, stored.timers_ms)


def _as_list(values: list[Any]) -> list[Any]:
    return values


#: What the two semantics do after a call, and how they hand over the values of a key.
_WRITE_BACK: Final[dict[Semantics, Callable[[Touched, KeyState, Reason], Written]]] = {
    "tutorial": _forget_timed_out,
    "spark": _keep_timed_out,
}
_ROWS_AS: Final[dict[Semantics, RowsAs]] = {"tutorial": "list", "spark": "iterator"}
_VALUES: Final[dict[RowsAs, Callable[[list[Any]], Any]]] = {"list": _as_list, "iterator": iter}


class UpdateState:
    """The operator: calls `updateState(key, values, state)` for a key and keeps what it did."""

    def __init__(self, scenario: Scenario, policy: Policy, code: UserCode) -> None:
        self.policy = policy
        self.rows_as: RowsAs = _ROWS_AS[scenario.semantics]
        self._code = code
        self._function = code.function
        self._conf = TimeoutConf(timeout_conf_of(scenario), scenario.watermark is not None)
        self._write_back = _WRITE_BACK[scenario.semantics]
        self._values_of = _VALUES[self.rows_as]
        self._output = OutputColumns(scenario, code)
        schema = schema_of(scenario)
        key_places = places_in(schema, scenario.key_columns, scenario)
        self._has_cells = any(cell_maker(schema[place].type) for place in key_places)
        self._scenario = scenario
        self._rows: TypedRows | None = None
        self._items: list[Any] = []

    @property
    def output_names(self) -> tuple[str, ...]:
        return tuple(self._output.names)

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """One item a row, for all partitions of the batch: the bare value of a single column, else a Row."""
        if rows is not self._rows:
            self._rows, self._items = rows, _items(rows)
        return groups

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        """One state a key, as flatMapGroupsWithState takes it: it is there before the first call (SEMANTICS 3.5)."""
        return InitialCalls(states=initial_states(self._scenario, rows, groups))

    def take_metrics(self) -> dict[str, int]:
        """Nothing: what a call wrote and removed is in its result."""
        return {}

    def call(self, call: Call) -> CallResult:
        state = GroupState(call.state, call.reason, call.clock, self._conf)
        key, indexes = call.group.key, call.group.row_indexes
        values = self._values_of(list(map(self._items.__getitem__, indexes)))
        output: list[list[Any]] = []
        try:
            if self._has_cells:
                key = tuple(map(value_of, key))
            returned = self._function(key[0] if len(key) == 1 else key, values, state)
            for row in rows_from(returned, self._code.name):
                output.append(self._output.cells(row))
            if state.was_updated and type(state.value_now) not in ATOMS:
                state.value_now = frozen(state.value_now)
            written = self._write_back(state, call.state, call.reason)
        except BaseException as error:  # whatever the function raises is data, exit() and a reached limit included
            return self._failed(call, state, output, error)
        return CallResult(
            written.after,
            state.operations,
            state.operation_lines,
            output,
            [len(indexes)] if indexes else [],
            self._code.prints.take(),
            written.writes,
            written.removals,
            written.rule,
            None if state.was_updated else unsaved(state, call.state),
        )

    def end_calls(self) -> None:
        """Nothing: each row was checked when it came."""

    def _failed(self, call: Call, state: GroupState, output: list[list[Any]], error: BaseException) -> CallResult:
        return CallResult(
            after=call.state,
            operations=state.operations,
            operation_lines=state.operation_lines,
            output=output,
            chunks=[len(call.group.row_indexes)] if call.group.row_indexes else [],
            printed=self._code.prints.take(),
            error=error_record(error, self._code.source),
            ending=ending_of(error),
        )


def _items(rows: TypedRows) -> list[Any]:
    columns = rows.own_columns
    if len(columns) == 1:
        return columns[0]
    names = tuple(field.name for field in rows.own_schema)
    return [Row.of(names, values) for values in zip(*columns, strict=True)]


def make(scenario: Scenario, policy: Policy, code: UserCode) -> UpdateState:
    """The operator of this API."""
    return UpdateState(scenario, policy, code)
