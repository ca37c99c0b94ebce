"""The visitor's session between two runs of the page. The only file that touches st.session_state or calls a runner.

When the browser sends something newer, Streamlit breaks off a run, and a callback too, at their next use of
st.session_state, and does not call that callback again. So all that has to change together is attributes of one object,
and callbacks come by it without such a use (`_look`): once begun they get to their end.
"""

import os
from collections.abc import Callable
from itertools import count
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from engine import Problem, Scenario, Session, Trace, debugger, sandbox, views
from engine.debugger import Action
from ui import drafts, samples
from ui.controls import Controls
from ui.questions import Question, Questions, SecondReplay

MakeAction = Callable[[Any], Action | None]

_VISIT: Final = "visit"
_LINK: Final = "s"
#: Most replays are over by then; the page is drawn once, with the new picture. A longer one is watched while it runs.
_PATIENCE_S: Final = 0.4


class Visit:
    """What is kept for one visitor.

    The session, its replay if one runs, the part of the trace that was shown last with that trace, what widgets are to
    show, by their keys, which widgets its controls are, the questions about lines, numbers for what follows in time, and
    whether the visitor has read the function that is open and lets it run on a computer that cannot isolate it.
    """

    def __init__(self, session: Session) -> None:
        self.id = uuid4().hex
        self.session = session
        self.running: sandbox.Replay[Trace | list[Problem]] | None = None
        self.shown: tuple[Trace, views.Window] | None = None
        self.to_show: dict[str, Any] = {}
        self.controls = Controls()
        self.questions = Questions()
        self.numbers = count()
        self.consents = False


def get() -> Session:
    """The visitor's session as it is now; on a first visit it opens, with a replay on its way or done.

    Every run of the page begins with it: what a callback wants to be shown is set here.
    """
    visit = _visit()
    for key in list(visit.to_show):
        st.session_state[key] = visit.to_show[key]
        del visit.to_show[key]
    return visit.session


def session_id() -> str:
    """What tells this session from all others, also from one before the server was started anew."""
    return _visit().id


def next_number() -> int:
    """A number higher than all that were asked for in this session before."""
    return next(_visit().numbers)


def dispatch(action: Action) -> None:
    """Apply an action; when it changed what is to be replayed, replay it. For callbacks of widgets and components."""
    _apply(_visit(), action)


def sends(make_action: MakeAction, key: str, part: str | None = None) -> Callable[[], None]:
    """A callback that dispatches the action made from the new value of the widget `key` (or of a part of it).

    `make_action` returns None when nothing is to be done, or when it has seen to it itself. A widget without a value (a
    file that was taken away) has nothing to say, nor has one that nobody touched.
    """

    def callback() -> None:
        value = _look(key)
        if value is None or not _visit().controls.is_chosen(key, value):
            return
        action = make_action(value[part] if part is not None else value)
        if action is not None:
            dispatch(action)

    return callback


def show(key: str, value: Any) -> None:
    """Let the widget `key` show this value when it is drawn next; for callbacks."""
    _visit().to_show[key] = value


def showing(name: str, value: Any) -> str:
    """The key of the widget `name` that shows this value; the widget also has to begin with it (`value=`, `index=`)."""
    return _visit().controls.showing(name, value, st.session_state)


def choosing(name: str, among: Any) -> str:
    """The key of the widget `name` in which one may choose among these (equal means the same), at first none of them."""
    return _visit().controls.choosing(name, among, st.session_state)


def value(key: str) -> Any:
    """What the widget `key` shows; None before it was drawn."""
    return _look(key)


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
    visit = _visit()
    session = visit.session
    if session.trace is None or not session.steps:
        return None
    shown_trace, shown = visit.shown or (None, None)
    if shown is None or shown_trace is not session.trace:
        shown = views.first_window(session.trace, session.steps)
    shown = views.window_at(session.trace, session.steps, shown, session.steps.at(session.step_index).trigger)
    visit.shown = (session.trace, shown)
    return shown


def replay() -> None:
    """Replay the draft; a replay of an older draft is called off. Waits a moment for it, as most are over at once."""
    _replay(_visit())


def isolation() -> sandbox.SelfTest | None:
    """How well this computer isolates a function; None while that is being found out."""
    try:
        return _runner().self_test_so_far()
    except OSError as error:  # no processes on this system
        return sandbox.SelfTest("none", (), str(error))


def is_hosted() -> bool:
    """Whether strangers come to this page, who cannot consent for the computer's owner."""
    return sandbox.read_settings(os.environ).hosted


def has_consent() -> bool:
    """Whether the visitor lets the function run where it is not isolated."""
    return _visit().consents


def consent() -> None:
    """The visitor has read the function, and lets it run; what is opened after it needs another consent."""
    visit = _visit()
    visit.consents = True
    _replay(visit)


def stop() -> None:
    """Call off the replay that runs, if one does; the last picture stays."""
    _stop(_visit())


def progress() -> sandbox.Progress | None:
    """How far the replay is that runs; None when none does."""
    running = _visit().running
    return running.progress if running is not None else None


def finish(patience_s: float = 0) -> bool:
    """Take in what the replay answers, waiting for it so long; False when it still runs, or none does."""
    return _finish(_visit(), patience_s)


def answer(scenario: Scenario, question: Question) -> Any:
    """The answer to a question about this scenario, or how far it is; a Problem when nothing can be run."""
    visit = _visit()

    def ask() -> sandbox.Replay[Any]:
        if isinstance(question, SecondReplay):
            return _runner().again(scenario, visit.consents, visit.id)
        return _runner().ask(scenario, question, visit.consents, visit.id)

    return visit.questions.answer(ask, scenario, question)


def known_answer(scenario: Scenario, question: Question) -> Any:
    """The answer if it is there already, else None."""
    return _visit().questions.known(scenario, question)


def stop_asking(kind: type[Question]) -> None:
    """Call off the question of this kind that is being answered, if one is."""
    _visit().questions.stop(kind)


def _visit() -> Visit:
    """This visitor's; on a first visit with what the address of the page brings, else the first sample."""
    visit: Visit | None = _look(_VISIT)
    if visit is None:
        visit = _opened(st.query_params.get(_LINK))
        st.session_state[_VISIT] = visit
        _replay(visit)
    return visit


def _look(key: str) -> Any:
    """What is kept by this key, None for nothing. It is the one way to read at which Streamlit breaks nothing off."""
    return st.session_state.to_dict().get(key)


def _opened(link: str | None) -> Visit:
    opened = drafts.opening(samples.samples()[0])
    notice = None
    if link is not None:
        linked = drafts.opening_link(link)
        if isinstance(linked, debugger.Tell):
            notice = linked.notice
        else:
            opened = linked
    draft = debugger.Draft(opened.scenario, opened.events_text)
    return Visit(Session(draft, notice=notice, wanted_step=opened.step_index))


def _apply(visit: Visit, action: Action) -> None:
    before = visit.session
    after = visit.session = debugger.reduce(before, action)
    if isinstance(action, debugger.OpenScenario | debugger.Undo):
        visit.consents = False
    if after.draft is not before.draft and after.is_stale and not after.draft.events_problems:
        _replay(visit)


def _replay(visit: Visit) -> None:
    scenario = visit.session.draft.scenario
    older, visit.running = visit.running, None
    try:
        visit.running = _runner().start(scenario, consent=visit.consents, visitor=visit.id)
    except OSError as error:  # no processes on this system, or no more of them
        _apply(visit, debugger.Refused(scenario, (Problem("replay", str(error), "Nothing was run"),)))
        return
    finally:
        _call_off(older)  # only now: one that waits has kept its place in the line for the newer
    _finish(visit, _PATIENCE_S)


def _stop(visit: Visit) -> None:
    _call_off(visit.running)
    visit.running = None


def _call_off(replay: "sandbox.Replay[Trace | list[Problem]] | None") -> None:
    if replay is not None:
        with replay:  # leaving the block ends its worker
            replay.cancel()


def _finish(visit: Visit, patience_s: float) -> bool:
    if visit.running is None or not visit.running.wait(patience_s):
        return False
    with visit.running as running:
        answer = running.result()
    visit.running = None
    scenario = visit.session.draft.scenario
    if isinstance(answer, list):
        _apply(visit, debugger.Refused(scenario, tuple(answer)))
    else:
        _apply(visit, debugger.Replayed(scenario, answer))
    return True


@st.cache_resource(show_spinner=False)
def _runner() -> sandbox.SandboxRunner:
    """One for the whole server, warm from the first visit on."""
    runner = sandbox.SandboxRunner()
    runner.warm()
    return runner
