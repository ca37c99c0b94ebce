"""What surprises those who write a StatefulProcessor: its keys, its attributes, its timers. Lives here: those findings."""

import re
from collections.abc import Iterable
from typing import Final

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Diagnostic, Finding, Kind, times_given
from engine.model import rules
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.timeouts import expiry_clock_ms
from engine.views.variables import declared_variables
from engine.views.words import key_text, moment_text, visible

_DEFINES: Final = re.compile(r"^\s+def\s+(\w+)\s*\(")
_HANDLER: Final = re.compile(r"^\s+def\s+handleExpiredTimer\b")
_SETS: Final = re.compile(r"\bself\.(\w+)\s*=(?!=)")
_READS: Final = re.compile(r"\bself\.(\w+)\b(?!\s*=(?!=))")
_CHANGES: Final = re.compile(
    r"\bself\.(\w+)\s*(?:(?:\[[^\]]*\]\s*)?[-+*/|&]=|\[[^\]]*\]\s*=(?!=)|\.(?:append|add|extend|insert|setdefault)\s*\()"
)
_HANDLERS: Final = ("handleInputRows", "handleExpiredTimer", "handleInitialState")


class HandlerNames(CallDiagnostic):
    """handleExpiredTimer has other parameters than those that Spark names (SEMANTICS 5.43)."""

    kind = Kind(
        "handler-has-other-names",
        "error",
        "The parameters of handleExpiredTimer do not have Spark's names; Spark passes them by name, and the query dies there.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.rule == rules.HANDLER_BY_NAME.id:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "On Spark the first timer kills the query",
            why="Spark calls handleExpiredTimer(key=…, timerValues=…, expiredTimerInfo=…). With other names this is a TypeError: "
            "handleExpiredTimer() got an unexpected keyword argument. Here the handler was called anyway.",
            fix="Give its parameters Spark's names; those of the other handlers are free.",
            code="def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):",
            line=next((line.number for line in self.case.source.lines if _HANDLER.match(line.text)), None),
        )


class NullKeys(CallDiagnostic):
    """A grouping key that pandas turned into another one (SEMANTICS 5.4)."""

    kind = Kind(
        "null-key-changes-keys",
        "warning",
        "A NULL in the key changes keys on their way through pandas: calls read and write the state of another key.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.state_key is not None:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        return self.of_first(
            "Calls use the state of another key",
            why=f"{key_text(call.key)} read and wrote the state of {key_text(call.stored_under)}. A NULL among the keys of a "
            "batch makes pandas change the type of all numbers among them, and Spark takes the keys back as they are then. "
            "What two keys remember is mixed, and no error says so.",
            fix="Filter rows whose key is NULL before groupBy, or give them a key of their own.",
            code=f'df = df.dropna(subset=["{visible(self.case.scenario.key_columns[0])}"])',
        )


class ForgottenAttributes(Diagnostic):
    """A handler keeps something on self that no state variable is."""

    kind = Kind(
        "attribute-is-forgotten",
        "warning",
        "A handler changes an attribute of the processor: it is shared by all keys of the batch and gone in the next one.",
    )

    def findings(self) -> Iterable[Finding]:
        trace = self.case.trace
        if not trace.has_variables or not trace.calls:
            return
        changed = list(self._changed())
        if not changed:
            return
        name, line = changed[0]
        name = visible(name)
        yield self.finding(
            f"self.{name} is not state: it is gone in the next batch",
            why="Spark makes a fresh copy of the processor for each partition of each batch, and calls init on it. What a "
            f"handler leaves in self.{name} is seen by the calls for other keys of the same batch, and by none after it.",
            fix="Keep it in a state variable: declare it in init, update it in the handler.",
            code=f'self.{name} = handle.getValueState("{name}", "value long")',
            line=line,
            count=len(changed),
        )

    def _changed(self) -> Iterable[tuple[str, int]]:
        """Attributes that a handler goes on from: it counts them up, fills them, or reads them before it sets them."""
        inside, read = "", set[str]()
        for line in self.case.source.lines:
            definition = _DEFINES.match(line.text)
            if definition or not line.indent:
                inside, read = definition.group(1) if definition else "", set()
            if inside not in _HANDLERS:
                continue
            read |= {found.group(1) for found in _READS.finditer(line.text)}
            changed = [found.group(1) for found in _CHANGES.finditer(line.text)]
            changed += [name for name in _SETS.findall(line.text) if name in read]
            yield from ((name, line.number) for name in changed if name not in declared_variables(self.case.trace))


class DueWhenSet(CallDiagnostic):
    """A timer for a time that had come already (SEMANTICS 5.44)."""

    kind = Kind(
        "timer-is-due-when-set",
        "note",
        "A handler registered a timer for a time that had already come: it fires in the same batch, or in the next one.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if self.case.trace.has_variables:
            self.seen.add(index, len(self._due_in(call, batch)))

    def told(self, call: FunctionCalled) -> Finding:
        batch = self.case.trace.batch_of(call)
        due_ms, line = self._due_in(call, batch)[0]
        due = moment_text(due_ms, batch.processing_time_ms)
        now = moment_text(expiry_clock_ms(self.case.trace.expires_by, batch), batch.processing_time_ms)
        return self.of_first(
            "A timer is due when it is set",
            why=f"The call for {key_text(call.key)} registered {due} when it was {now}. Spark takes it: such a timer fires in "
            "the same batch, after all keys with data; one that handleExpiredTimer sets fires in the next batch.",
            fix="If it should wait, count from the time of the batch, in milliseconds.",
            code=cures.set_timeout(self.case),
            line=line,
        )

    def _due_in(self, call: FunctionCalled, batch: BatchRan) -> list[tuple[int, int]]:
        """The time of each timer that was due when the call set it, with the line."""
        now_ms = expiry_clock_ms(self.case.trace.expires_by, batch)
        return [(due_ms, line) for due_ms, line in times_given(call, "registerTimer") if due_ms <= now_ms]
