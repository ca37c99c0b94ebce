"""The operator around a StatefulProcessor: which of its methods a call is, and what the call leaves (SEMANTICS 5.1 to 5.6).

Lives here: what both APIs share. What rows are, on the way in and out, is each API's own.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

import msgspec

from engine.apis.catalog import APIS, time_mode_of
from engine.apis.fresh import planned
from engine.apis.processor_entry import accepts_named, misfit_of
from engine.apis.processor_plan import key_type_error, store_error
from engine.apis.stateful_processor.base import ExpiredTimerInfo, TimerValues
from engine.apis.stateful_processor.handle import StatefulProcessorHandle
from engine.apis.stateful_processor.server import demand_answer
from engine.apis.stateful_processor.storable import unstorable_error
from engine.apis.stateful_processor.taken_output import TakenOutput
from engine.apis.stateful_processor.task import Task, TimeMode
from engine.apis.stop_iteration import stopped, stopped_in_generator
from engine.apis.user_code import UserCode, ending_of, error_record
from engine.model import rules
from engine.model.scenario import Scenario
from engine.model.schema import Schema, parse_ddl
from engine.model.trace import DRIVER, ErrorRecord, Reason
from engine.replay.intake import TypedRows
from engine.replay.operator import Call, CallResult, Group, InitialCalls, Policy

_NOT_PICKLED: Final = "Spark sends the processor to its workers: create what cannot be sent in init, not in __init__"
_HANDLER_PARAMETERS: Final = ("key", "timerValues", "expiredTimerInfo")


class GivenRows(Protocol):
    """How a processor is given rows: those of a batch, or of the initial state."""

    def begin(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        """The rows of a partition in groups; the calls that are made of them."""

    def one_by_one(self, groups: list[Group]) -> list[Group]:
        """The calls when each is given one thing: a frame, or a Row."""

    def beside_initial_state(self, groups: list[Group]) -> list[Group]:
        """The calls in the first batch of a query with initial state, which Spark's worker makes on another way."""

    def key(self, group: Group) -> tuple[Any, ...]:
        """The key as the processor is given it. Raises what Spark raises for one that cannot be handed over."""

    def rows(self, group: Group) -> Iterator[Any]:
        """The rows of the call, made as the processor asks for them."""

    def chunks(self, group: Group) -> list[int]:
        """The lengths of what is given."""


class Given(msgspec.Struct, frozen=True):
    """What the rows of an API are: in, as initial state, and out."""

    data: GivenRows
    initial: GivenRows | None
    output: TakenOutput


def initial_of(scenario: Scenario, made: Callable[[Scenario, Schema, tuple[str, ...]], GivenRows]) -> GivenRows | None:
    """The rows of the scenario's initial state, None without one."""
    initial = scenario.initial_state
    return None if initial is None else made(scenario, parse_ddl(initial.schema), initial.key_columns)


class StatefulOperator:
    """Calls the methods of a processor, of a fresh copy for each batch and partition."""

    def __init__(self, scenario: Scenario, policy: Policy, code: UserCode, given: Given) -> None:
        """Raises UserCodeFailed when the processor cannot be copied, as Spark's pickle cannot."""
        self.policy = policy
        self.rows_as = given.output.rows_as
        self._code = code
        self._time_mode: TimeMode = time_mode_of(scenario)
        self._store_error = store_error(scenario)
        self._key_error = key_type_error(scenario)
        self._given_data = given.data
        self._given_initial = given.initial
        self._output = given.output
        self._fresh = planned(code.function, _NOT_PICKLED)
        self._names_as_spark = accepts_named(getattr(code.function, "handleExpiredTimer", None), _HANDLER_PARAMETERS)
        self._misfit = misfit_of(code.function, APIS[scenario.api].parameters)
        self._first_rows: TypedRows | None = None
        self._processor: Any = None
        self._task = Task(self._time_mode, 0)
        self._times = TimerValues()
        self._last: Call | None = None
        self._known: dict[int, set[str]] = {}  # the variables that the store of each partition has
        self._methods: Final[dict[Reason, Callable[[Call], Iterable[Any]]]] = {
            "init": self._init,
            "initial_state": self._initial_state,
            "data": self._data,
            "timer": self._timer,
            "close": self._close,
        }

    @property
    def output_names(self) -> tuple[str, ...]:
        return self._output.names

    def begin_partition(self, rows: TypedRows, groups: list[Group]) -> list[Group]:
        calls = self._given_data.begin(rows, groups)
        self._first_rows = self._first_rows or rows
        is_beside = self._given_initial is not None and rows is self._first_rows
        return self._given_data.beside_initial_state(calls) if is_beside else calls

    def begin_initial_state(self, rows: TypedRows, groups: list[Group]) -> InitialCalls:
        """Each key of it is a call of handleInitialState, before the first key with data (SEMANTICS 5.62)."""
        if self._given_initial is None:
            return InitialCalls()
        return InitialCalls(self._given_initial.one_by_one(self._given_initial.begin(rows, groups)))

    def call(self, call: Call) -> CallResult:
        """One call of one method. The output is taken as it comes: what is changed after the last yield counts."""
        if call.reason == "init":
            self._begin_task(call)
        task, self._last = self._task, call
        task.begin(call.state, has_key=call.group.key is not None)
        output: list[list[Any]] = []
        try:
            given_out = self._methods[call.reason](call)
            for rows in self._output.taken(given_out, call.group.key or (), call.reason == "timer"):
                output += rows
        except StopIteration as error:  # out of a method that is no generator
            return self._failed(call, output, error if call.partition == DRIVER else stopped(error))
        except BaseException as error:  # whatever the processor raises is data, exit() and a reached limit included
            return self._failed(call, output, error)
        return CallResult(
            task.after(),
            task.operations.operations,
            task.operations.lines,
            output,
            self._given(call).chunks(call.group),
            self._code.prints.take(),
            rule=self._rule_of(call),
            deleted=() if call.partition == DRIVER else task.take_deleted(),
            expiries=task.take_expiries(),
        )

    def _begin_task(self, call: Call) -> None:
        known = self._known.setdefault(call.partition, set())
        self._task = Task(self._time_mode, call.clock.processing_time_ms, known)
        times_ms = (call.clock.processing_time_ms, call.clock.watermark_for_eviction_ms)
        self._times = TimerValues() if self._time_mode == "None" else TimerValues(*times_ms)

    def _rule_of(self, call: Call) -> str:
        """What surprises about the call itself, "" for nothing."""
        if call.reason == "timer" and not self._names_as_spark:
            return rules.HANDLER_BY_NAME.id
        return rules.NULL_KEY.id if call.group.state_key is not None else ""

    def end_calls(self) -> ErrorRecord | None:
        """After the last call on the driver Spark opens the store, after that of a partition it looks at the output."""
        last = self._last
        if last is not None and last.reason == "timer":
            return self._refused_of_timers()
        if last is None or last.reason != "close":
            return None
        if last.partition != DRIVER:
            return self._output.finished(last.clock)
        return self._store_error or unstorable_error(self._task.variables.values()) or self._key_error

    def _refused_of_timers(self) -> ErrorRecord | None:
        try:
            self._output.demand_of_timers()
        except Exception as error:
            return error_record(error, self._code.source)
        return None

    def take_metrics(self) -> dict[str, int]:
        return self._task.metrics

    # The methods, in the order of Spark's worker

    def _init(self, call: Call) -> Iterable[Any]:
        task = self._task
        task.state = "PRE_INIT" if call.partition == DRIVER else "CREATED"
        self._processor = self._fresh.copy()
        self._processor.init(StatefulProcessorHandle(task))
        if task.state == "CREATED":
            self._go_on("INITIALIZED")
        return ()

    def _data(self, call: Call) -> Iterable[Any]:
        self._demand_server()
        data = self._given_data
        try:
            return self._processor.handleInputRows(data.key(call.group), data.rows(call.group), self._times)  # type: ignore[no-any-return]
        except TypeError as error:
            raise self._told_of_misfit(error) from None

    def _told_of_misfit(self, error: Any) -> TypeError:
        """The error; of a handler with other parameters it tells what to write."""
        if self._misfit is not None:
            error.advice, error.line = self._misfit
        return error  # type: ignore[no-any-return]

    def _initial_state(self, call: Call) -> Iterable[Any]:
        self._demand_server()
        given = self._given(call)
        for state in given.rows(call.group):
            self._processor.handleInitialState(given.key(call.group), state, self._times)
        return ()

    def _given(self, call: Call) -> GivenRows:
        initial = self._given_initial
        return initial if call.reason == "initial_state" and initial is not None else self._given_data

    def _timer(self, call: Call) -> Iterator[Any]:
        """The timer is still listed while its handler runs; it is deleted when its output was taken (5.43)."""
        self._go_on("DATA_PROCESSED")
        timer_ms = call.group.timer_ms or 0
        yield from self._handled(self._given_data.key(call.group), self._times, ExpiredTimerInfo(timer_ms))
        self._demand_server()
        self._task.delete_timer(timer_ms)

    def _handled(self, key: Any, times: TimerValues, info: ExpiredTimerInfo) -> Iterable[Any]:
        """Spark gives the three by name. A handler that calls them otherwise is called all the same, and told of."""
        handler = self._processor.handleExpiredTimer
        try:
            if self._names_as_spark:
                return handler(key=key, timerValues=times, expiredTimerInfo=info)  # type: ignore[no-any-return]
            return handler(key, times, info)  # type: ignore[no-any-return]
        except StopIteration as error:
            raise stopped_in_generator(error) from None

    def _close(self, call: Call) -> Iterable[Any]:
        if call.partition != DRIVER:
            self._go_on("TIMER_PROCESSED")
        self._processor.close()
        if call.partition != DRIVER:
            self._go_on("CLOSED")
        return ()

    def _go_on(self, state: Any) -> None:
        self._demand_server()
        self._task.state = state

    def _demand_server(self) -> None:
        """Spark asks its state server too, between the processor's methods."""
        if self._task.is_cut_off:
            demand_answer(self._task, [""])

    def _failed(self, call: Call, output: list[list[Any]], error: BaseException) -> CallResult:
        operations = self._task.operations
        return CallResult(
            after=call.state,
            operations=operations.operations,
            operation_lines=operations.lines,
            output=output,
            chunks=self._given(call).chunks(call.group),
            printed=self._code.prints.take(),
            error=error_record(error, self._code.source),
            ending=ending_of(error),
        )
