"""What a function meant to remember and did not. Lives here: changes without update(), and functions that store nothing."""

from collections.abc import Iterable

from engine.diagnostics import cures
from engine.diagnostics.finding import CallDiagnostic, Case, Diagnostic, Finding, Kind
from engine.model.trace import BatchRan, FunctionCalled
from engine.views.differences import value_difference
from engine.views.words import key_text


class ChangedWithoutUpdate(CallDiagnostic):
    """The value was changed in place and never given back."""

    kind = Kind(
        "changed-without-update",
        "warning",
        "A call changed the value that `get()` returned and did not call `update()`: the change is lost.",
    )

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        if call.unsaved is not None and call.after.exists and batch.committed:
            self.seen.add(index)

    def told(self, call: FunctionCalled) -> Finding:
        changes = value_difference(call.before.value, call.unsaved).changes
        what = f"{changes[0].field or 'the value'} " if changes else "the value "
        return self.of_first(
            "A change to the state was lost",
            why=f"get() hands out a copy. The call for {key_text(call.key)} changed {what}in that copy and did not store "
            "it, so the next call sees the old value.",
            fix="Give the changed value back.",
            code=cures.update(self.case),
            line=self.case.source.first_line(r"\.\s*get\s*\("),
        )


class NothingStored(Diagnostic):
    """Calls with data, and never any state."""

    kind = Kind(
        "nothing-is-stored",
        "note",
        "The function was called with data, several times for a key, and never stored anything.",
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._calls: dict[object, int] = {}
        self._again: int | None = None
        self._stored = False

    def see(self, index: int, call: FunctionCalled, batch: BatchRan) -> None:
        self._stored = self._stored or call.after.stored or call.before.stored or call.error is not None
        if self._stored or call.reason != "data":
            return
        if self._again is None and self._calls.setdefault(call.key, index) != index:
            self._again = index

    def findings(self) -> Iterable[Finding]:
        if self._stored or self._again is None:
            return
        yield self.finding(
            "Nothing is ever stored",
            why=f"The second call for {key_text(self.case.trace.calls[self._again].key)} starts from nothing, as the "
            "first one did: each call knows only its own rows.",
            fix="Store what the next call has to know.",
            code=cures.update(self.case),
            call_index=self._again,
        )
