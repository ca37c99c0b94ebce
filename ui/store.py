"""The visitor's session between two runs of the page. The only file that touches st.session_state or calls a runner."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from engine import Session, debugger, sandbox
from engine.debugger import Action
from ui import drafts, samples

MakeAction = Callable[[Any], Action | None]

_SESSION: Final = "session"
_REPLAY: Final = "running replay"
#: Most replays are over by then; the page is drawn once, with the new picture. A longer one is watched while it runs.
_PATIENCE_S: Final = 0.4


def get() -> Session:
    """The visitor's session as it is now; on a first visit it opens, with a replay on its way or done."""
    if _SESSION not in st.session_state:
        _open()
    session: Session = st.session_state[_SESSION]
    return session


def dispatch(action: Action) -> None:
    """Apply an action; when it changed what is to be replayed, replay it. For callbacks of widgets and components."""
    before = get()
    after = st.session_state[_SESSION] = debugger.reduce(before, action)
    if after.draft is not before.draft and after.is_stale and not after.draft.events_problems:
        replay()


def sends(make_action: MakeAction, key: str, part: str | None = None) -> Callable[[], None]:
    """A callback that dispatches the action made from the new value of the widget `key` (or of a part of it)."""

    def callback() -> None:
        value = st.session_state[key]
        action = make_action(value[part] if part is not None else value)
        if action is not None:
            dispatch(action)

    return callback


def show(key: str, value: Any) -> str:
    """Let the widget `key` show this value; to be called before the widget is drawn. Returns the key."""
    st.session_state[key] = value
    return key


def replay() -> None:
    """Replay the draft; a replay of an older draft is called off. Waits a moment for it, as most are over at once."""
    stop()
    running = _runner().start(get().draft.scenario)
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
    first = samples.samples()[0]
    st.session_state[_SESSION] = Session(debugger.Draft(first, drafts.events_text(first)))
    replay()
