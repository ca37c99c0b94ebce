"""The call inspector: one step, redrawn at every move. Lives here: its places; every word comes from engine.views.

One HTML element, because a step must not cost more; `ui.markup` escapes all texts in it.
"""

from typing import Final

import streamlit as st

from engine import Session, views
from ui.markup import Markup, joined, table, tag

_REASONS: Final = {
    "data": ("▮ data", "data"),
    "timeout": ("▼ timed out", "expiry"),
    "timer": ("▼ timer", "expiry"),
    "initial_state": ("▮ initial state", "data"),
    "init": ("init", "quiet"),
    "close": ("close", "quiet"),
    "no call": ("no call", "quiet"),
    "no batch": ("no batch", "quiet"),
}
_SIGNS: Final = {"added": "+", "changed": "~", "removed": "−"}
#: Up to so many characters a value is written large; up to so many it has its room in three lines.
_BIG: Final = 10
_SMALL: Final = 42
_NO_STEPS: Final = "Nothing has been called yet."


def draw(session: Session) -> None:
    """The step at the cursor; without one, how the replay ended."""
    with st.container(key="inspector"):
        st.html(_panel(session))


def _panel(session: Session) -> Markup:
    if session.trace is None:
        return _card(tag("p", _NO_STEPS, cls="si-why"))
    if session.step is None:
        failure = views.failure_of(session.trace)
        ended = _failure(failure) if failure else tag("p", _NO_STEPS, cls="si-why")
        return _card(ended, _printed("Printed while loading", views.printed_at_load(session.trace)))
    return _step(views.inspect(session.trace, session.step))


def _step(step: views.Inspection) -> Markup:
    return _card(
        _heading(step),
        tag("div", step.call, cls="si-call") if step.call else "",
        _failure(step.failure) if step.failure else "",
        (_variables(step) if step.variables else _state(step)) if step.key else "",
        _timers(step.timers) if step.key and step.timers is not None else "",
        _section("What happened", _list((step.why, *step.story)), cls="si-story"),
        _operations(step) if step.call else "",
        _rows(step) if step.call else "",
        _section("Around it", *_around(step), cls="si-around") if step.lifecycle or step.removed else "",
        _section("Late rows, dropped", _table(step.dropped)) if step.dropped.rows else "",
        _printed("Printed", step.printed),
        _printed("Printed while loading", step.printed_at_load),
        _section("Times", _facts(step), cls="si-times") if step.facts else "",
        _section("By which rule", _list(step.rules)) if step.rules else "",
    )


def _card(*parts: str) -> Markup:
    return tag("div", *parts, cls="si")


def _heading(step: views.Inspection) -> Markup:
    words, kind = _REASONS.get(step.reason, (step.reason, "quiet"))
    return tag(
        "div",
        tag("div", tag("span", step.title, cls="si-title"), tag("span", words, cls=f"si-chip si-{kind}")),
        tag("div", step.place, cls="si-place"),
        cls="si-head",
    )


def _section(name: str, *parts: str, cls: str = "") -> Markup:
    return tag("section", tag("div", name, cls="si-name"), *parts, cls=cls)


def _printed(name: str, text: str) -> Markup:
    return _section(name, tag("pre", text)) if text else Markup()


def _list(sentences: tuple[str, ...]) -> Markup:
    return tag("ul", *(tag("li", sentence) for sentence in sentences))


def _state(step: views.Inspection) -> Markup:
    """Before and after side by side, and below them the fields that changed when the value has fields."""
    changes = step.difference.changes
    whole = len(changes) == 1 and changes[0].field == ""
    delta = tag("span", changes[0].delta, cls="si-delta") if whole and changes[0].delta else ""
    after = tag("div", tag("div", "after", delta, cls="si-label"), _value(step.after, step.after_exists), cls="si-box")
    before = tag("div", tag("div", "before", cls="si-label"), _value(step.before, step.before_exists), cls="si-box")
    fields = "" if whole or not changes else _fields(step.difference)
    name = joined(("State of ", tag("b", step.key)))
    return tag("section", tag("div", name, cls="si-name"), tag("div", before, after, cls="si-pair"), fields)


def _variables(step: views.Inspection) -> Markup:
    """Each state variable with its own difference; one that the call left as it was takes a line."""
    name = joined(("State of ", tag("b", step.key)))
    return tag("section", tag("div", name, cls="si-name"), *map(_variable, step.variables), cls="si-variables")


def _variable(variable: views.VariableChange) -> Markup:
    changes = variable.difference.changes
    kind = tag("span", f"{variable.kind} · {variable.expiry}" if variable.expiry else variable.kind, cls="si-kind")
    head = tag("div", tag("span", variable.name, cls="si-variable-name"), kind, cls="si-variable-head")
    if not changes:
        return tag("div", head, tag("div", f"{variable.after}, as before", cls="si-same"), cls="si-variable")
    whole = len(changes) == 1 and changes[0].field == ""
    delta = tag("span", changes[0].delta, cls="si-delta") if whole and changes[0].delta else ""
    values = tag(
        "div",
        tag("span", variable.before, cls="" if variable.before_exists else "si-none-inline"),
        " → ",
        tag("span", variable.after, cls="" if variable.after_exists else "si-none-inline"),
        delta,
        cls="si-now",
    )
    return tag("div", head, values, "" if whole else _fields(variable.difference), cls="si-variable")


def _timers(timers: tuple[views.TimerChange, ...]) -> Markup:
    """The timers of the key before and after the call, each once."""
    if not timers:
        return _section("Timers", tag("div", "none", cls="si-more"))
    rows = [
        tag(
            "div",
            tag("span", _SIGNS.get(timer.kind, "="), cls="si-sign"),
            tag("span", timer.moment, cls="si-field"),
            tag("span", timer.note, cls="si-note"),
            cls=f"si-{timer.kind or 'same'}-timer",
        )
        for timer in timers
    ]
    return _section("Timers", tag("div", *rows, cls="si-changes"))


def _value(text: str, exists: bool) -> Markup:
    size = "si-big" if len(text) <= _BIG else "si-small" if len(text) <= _SMALL else "si-small si-long"
    return tag("div", text, cls=f"si-value {size}{'' if exists else ' si-none'}")


def _fields(difference: views.Difference) -> Markup:
    rows = [tag("div", *_change(change), cls=f"si-{change.kind}") for change in difference.changes]
    more = tag("div", f"… {difference.more:,} more changes", cls="si-more") if difference.more else ""
    return tag("div", *rows, more, cls="si-changes")


def _change(change: views.Change) -> tuple[str, ...]:
    arrow = (
        (tag("s", change.before), " → ", change.after) if change.kind == "changed" else (change.before, change.after)
    )
    return (
        tag("span", _SIGNS[change.kind], cls="si-sign"),
        tag("span", change.field or "value", cls="si-field"),
        tag("span", *arrow, cls="si-what"),
        tag("span", change.delta, cls="si-delta") if change.delta else "",
    )


def _operations(step: views.Inspection) -> Markup:
    rows = [
        tag(
            "div",
            tag("span", str(op.line or ""), cls="si-line"),
            tag("span", op.text, _note(op), cls="si-failed" if op.failed else ""),
        )
        for op in step.operations
    ]
    if step.more_operations:
        rows.append(tag("div", f"… {step.more_operations:,} more", cls="si-more"))
    return _section("What it did to the state", *(rows or [tag("div", "nothing", cls="si-more")]), cls="si-ops")


def _note(operation: views.Operation) -> Markup:
    sign = "✕" if operation.failed else "→"
    return tag("span", f" {sign} {operation.note}" if operation.note else "", cls="si-note")


def _around(step: views.Inspection) -> list[Markup]:
    """What Spark called of the processor around the step, and what the end of the batch removed."""
    lines = (tag("li", around.text, tag("pre", around.printed) if around.printed else "") for around in step.lifecycle)
    return [tag("ul", *lines, tag("li", step.removed) if step.removed else "")]


def _rows(step: views.Inspection) -> Markup:
    return tag(
        "div",
        _section("Rows in", _table(step.rows_in)),
        _section("Rows out", _table(step.rows_out)),
        cls="si-rows",
    )


def _table(cells: views.Table) -> Markup:
    if not cells.rows:
        return tag("div", "none", cls="si-more")
    more = tag("div", f"… {cells.more:,} more", cls="si-more") if cells.more else ""
    return joined((tag("div", table(cells.names, cells.rows), cls="si-table"), more))


def _facts(step: views.Inspection) -> Markup:
    return tag("dl", *(joined((tag("dt", fact.name), tag("dd", fact.text))) for fact in step.facts))


def _failure(failure: views.Failure) -> Markup:
    """A traceback of one frame says no more than the line of code."""
    place = f" on line {failure.line}" if failure.line else ""
    has_frames = "\n" in failure.traceback
    return tag(
        "div",
        tag("div", tag("b", failure.error_class), place),
        tag("pre", failure.message),
        tag("pre", failure.code_line, cls="si-code") if failure.code_line and not has_frames else "",
        tag("div", failure.advice, cls="si-advice") if failure.advice else "",
        tag("pre", failure.traceback, cls="si-trace") if has_frames else "",
        cls="si-failure",
    )
