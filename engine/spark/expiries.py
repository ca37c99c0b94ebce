"""When stored values expire. Lives here: reading it from Spark's store, once after a run; no function is told of it."""

from pathlib import Path
from typing import Any

import msgspec

from engine.model.state import KeyState, StateEntry
from engine.spark.operator import Ran, States
from engine.spark.recording import CallRecord, as_plain, plain_key

#: By the repr of key and user key and by variable: when its entries expire, in the order of the store.
_Expiries = dict[tuple[str, str, str], list[int]]


def with_expiries(session: Any, checkpoint: Path, ran: list[Ran], states: States) -> States:
    """The states, and in the one that each key ends the run with also when its entries expire."""
    committed = [batch.report.batch_id for batch in ran if batch.report.error is None]
    expiries: _Expiries = {}
    for name in (
        _expiring({name for batch in ran for call in batch.calls for name in _declared(call)}) if committed else ()
    ):
        expiries |= _of_variable(session, checkpoint, committed[-1], name)
    last = {repr(call.key): call for batch in ran for call in batch.calls}
    return [
        [
            (before, _dated(call, after, expiries)) if last[repr(call.key)] is call else (before, after)
            for call, (before, after) in zip(batch.calls, of_batch, strict=True)
        ]
        for batch, of_batch in zip(ran, states, strict=True)
    ]


def _expiring(declared: set[tuple[str, Any]]) -> list[str]:
    return sorted({name for name, ttl_ms in declared if isinstance(ttl_ms, int) and ttl_ms > 0})


def _declared(call: CallRecord) -> list[tuple[str, Any]]:
    """The variables that a call declared, each with its last argument: the time to live, when that is a number."""
    return [
        (str(operation[1][0]), operation[1][-1])
        for operation in call.operations
        if operation[0] in ("getValueState", "getListState", "getMapState")
    ]


def _of_variable(session: Any, checkpoint: Path, batch_id: int, name: str) -> _Expiries:
    reader = session.read.format("statestore").option("path", str(checkpoint)).option("batchId", batch_id)
    found: _Expiries = {}
    for row in reader.option("stateVarName", name).load().collect():
        cells = row.asDict()
        stored = cells.get("value") or cells.get("list_element") or cells["user_map_value"]
        user_key = repr(as_plain(list(cells["user_map_key"]))) if "user_map_key" in cells else ""
        place = (repr(plain_key(row.key)), name, user_key)
        found.setdefault(place, []).append(stored["ttlExpirationMs"])
    return found


def _dated(call: CallRecord, state: KeyState, expiries: _Expiries) -> KeyState:
    left = {place: list(times_ms) for place, times_ms in expiries.items() if place[0] == repr(call.key)}
    return msgspec.structs.replace(state, entries=tuple(_dated_entry(call, entry, left) for entry in state.entries))


def _dated_entry(call: CallRecord, entry: StateEntry, left: _Expiries) -> StateEntry:
    user_key = "" if entry.user_key is None else repr(entry.user_key)
    times_ms = left.get((repr(call.key), entry.variable, user_key))
    return msgspec.structs.replace(entry, expires_ms=times_ms.pop(0)) if times_ms else entry
