"""The visitor's session between two runs of the page. The only file that touches st.session_state or calls a runner."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from engine import Problem, Session, debugger, sandbox, views
from engine.debugger import Action
from ui import drafts, samples

MakeAction = Callable[[Any], Action | None]

_SESSION: Final = "session"
_SESSION_ID: Final = "session id"
_LINK: Final = "s"
_REPLAY: Final = "running replay"
_WINDOW: Final = "window"
#: Most replays are over by then; the page is drawn once, with the new picture. A longer one is watched while it runs.
_PATIENCE_S: Final = 0.4


def get() -> Session:
    """The visitor's session as it is now; on a first visit it opens, with a replay on its way or done."""
    if _SESSION not in st.session_state:
        _open()
    session: Session = st.session_state[_SESSION]
    return session


def session_id() -> str:
    """What tells this session from all others, also from one before the server was started anew."""
    identity: str = st.session_state[_SESSION_ID]
    return identity


def dispatch(action: Action) -> None:
    """Apply an action; when it changed what is to be replayed, replay it. For callbacks of widgets and components."""
    before = get()
    after = st.session_state[_SESSION] = debugger.reduce(before, action)
    if after.draft is not before.draft and after.is_stale and not after.draft.events_problems:
        replay()


def sends(make_action: MakeAction, key: str, part: str | None = None) -> Callable[[], None]:
    """A callback that dispatches the action made from the new value of the widget `key` (or of a part of it).

    `make_action` returns None when nothing is to be done, or when it has seen to it itself. A widget without a value (a
    file that was taken away) has nothing to say.
    """

    def callback() -> None:
        value = st.session_state[key]
        action = None if value is None else make_action(value[part] if part is not None else value)
        if action is not None:
            dispatch(action)

    return callback


def show(key: str, value: Any) -> None:
    """Let the widget `key` show this value when it is drawn next; for callbacks."""
    st.session_state[key] = value


def showing(name: str, value: Any) -> str:
    """The key of the widget `name` that shows this value; the widget also has to begin with it (`value=`, `index=`).

    A widget that stands at another value is replaced by a new one. Set in its place, the browser could still send what
    it showed before with some other widget's news, which would pass for the visitor's own choice.
    """
    count, began_with = st.session_state.get(name, (0, None))
    if count == 0 or st.session_state.get(f"{name}-{count}", began_with) != value:
        count += 1
        st.session_state[name] = (count, value)
    return f"{name}-{count}"


def value(key: str) -> Any:
    """What the widget `key` shows; None before it was drawn."""
    return st.session_state.get(key)


def kept(name: str, identity: Any, make: Callable[[], Any]) -> Any:
    """What `make` made for this identity, made once; the visitor keeps one thing by each name."""
    last = st.session_state.get(name)
    if last is None or last[0] != identity:
        last = st.session_state[name] = (identity, make())
    return last[1]


def forget(*names: str) -> None:
    """Let go of what was kept by these names."""
    for name in names:
        st.session_state.pop(name, None)


def window() -> views.Window | None:
    """The part of the trace that the picture shows: the last one, moved when the step has left it. None without steps."""
    session = get()
    if session.trace is None or not session.steps:
        return None
    shown_trace, shown = st.session_state.get(_WINDOW, (None, None))
    if shown_trace is not session.trace:
        shown = views.first_window(session.trace, session.steps)
    shown = views.window_at(session.trace, session.steps, shown, session.steps.at(session.step_index).trigger)
    st.session_state[_WINDOW] = (session.trace, shown)
    return shown


def replay() -> None:
    """Replay the draft; a replay of an older draft is called off. Waits a moment for it, as most are over at once."""
    stop()
    scenario = get().draft.scenario
    try:
        running = _runner().start(scenario)
    except OSError as error:  # no processes on this system, or no more of them
        dispatch(debugger.Refused(scenario, (Problem("replay", str(error), "Nothing was run"),)))
        return
    st.session_state[_REPLAY] = running
    if running.wait(_PATIENCE_S):
        finish()


def stop() -> None:
    """Call off the replay that runs, if one does; the last picture stays."""
    running = st.session_state.pop(_REPLAY, None)
    if running is not None:
        with running:  # leaving the block ends its worker
            running.cancel()


def progress() -> sandbox.Progress | None:
    """How far the replay is that runs; None when none does."""
    running = st.session_state.get(_REPLAY)
    return running.progress if running is not None else None


def finish() -> bool:
    """Take in what the replay answers; False when it still runs."""
    running = st.session_state[_REPLAY]
    if not running.wait(0):
        return False
    del st.session_state[_REPLAY]
    scenario = get().draft.scenario
    with running:
        answer = running.result()
    if isinstance(answer, list):
        dispatch(debugger.Refused(scenario, tuple(answer)))
    else:
        dispatch(debugger.Replayed(scenario, answer))
    return True


@st.cache_resource(show_spinner=False)
def _runner() -> sandbox.SandboxRunner:
    """One for the whole server, warm from the first visit on."""
    runner = sandbox.SandboxRunner()
    runner.warm()
    return runner


def _open() -> None:
    """What the address of the page brings, else the first sample."""
    opened = drafts.opening(samples.samples()[0])
    notice = None
    if _LINK in st.query_params:
        linked = drafts.opening_link(st.query_params[_LINK])
        if isinstance(linked, debugger.Tell):
            notice = linked.notice
        else:
            opened = linked
    draft = debugger.Draft(opened.scenario, opened.events_text)
    st.session_state[_SESSION_ID] = uuid4().hex
    st.session_state[_SESSION] = Session(draft, notice=notice, wanted_step=opened.step_index)
    replay()
