"""A pasted job knows its own query: what it says, and the button that takes it over. Lives here: that; reading jobs does not."""

from typing import Any, Final

import streamlit as st

from engine import Scenario, Session, debugger, mode_of, sandbox, views
from ui import store
from ui.markup import table

_CODE_ALONE: Final = "code alone"
_WATCH_EVERY_S: Final = 0.5


def draw(session: Session) -> None:
    """What the code says of its query where the page has it otherwise; nothing when they agree."""
    scenario = session.draft.scenario
    if not views.may_be_a_job(scenario.code):
        return
    answer = _answer(scenario)
    if isinstance(answer, sandbox.Progress):
        st.fragment(_wait, run_every=_WATCH_EVERY_S)()
    elif isinstance(answer, debugger.JobRead) and answer.jobs:
        _jobs(answer.jobs, scenario)


def _wait() -> None:
    """Until the job has been read; then all that hangs on it is drawn anew."""
    if not isinstance(_answer(store.get().draft.scenario), sandbox.Progress):
        st.rerun()


def _jobs(jobs: tuple[debugger.Job, ...], scenario: Scenario) -> None:
    """One of them: that which is replayed, or another one that is chosen."""
    said = [views.said_otherwise(job, scenario, mode_of(scenario)) for job in jobs]
    if len(jobs) == 1 and not said[0] and not (jobs[0].is_whole and jobs[0].untold):
        return
    in_force = views.job_in_force(jobs, scenario)
    job, otherwise = jobs[in_force], said[in_force]
    with st.container(key="job", gap="xsmall"):
        if len(jobs) > 1:
            _choice(jobs, in_force)
        if otherwise:
            _offer(job, otherwise)
        elif job.is_whole:
            _untold(job)


def _choice(jobs: tuple[debugger.Job, ...], in_force: int) -> None:
    """Which of several functions of the code is meant; another one that is chosen is taken over."""
    names = views.job_names(jobs)
    st.text(f"The code has {len(jobs)} functions for Spark. One is replayed at a time.")
    key = store.showing("job_choice", in_force)
    st.selectbox(
        "Function",
        range(len(jobs)),
        in_force,
        format_func=names.__getitem__,
        key=key,
        on_change=store.sends(lambda number: debugger.UseJob(jobs[number]), key),
    )


def _offer(job: debugger.Job, said: dict[str, str]) -> None:
    name = views.visible(job.function_name)
    if job.is_whole:
        st.text(f"This is a whole job: it passes {name} to {job.api}. The query on this page is different.")
        words = "Use what the job says"
    else:
        st.text(f"{name} is written for {job.api}.")
        words = "Use this function" if job.entry else f"Use {job.api}"  # the label of a button is Markdown
    if job.is_whole or len(said) > 1:
        st.html(table(("", "the job says" if job.is_whole else "the code says"), said.items(), cls="job-says"))
    _untold(job)
    st.button(words, key="use_job", type="primary", on_click=store.dispatch, args=(debugger.UseJob(job),))


def _untold(job: debugger.Job) -> None:
    for sentence in job.untold:
        st.text(f"{views.visible(sentence)}.")


def _answer(scenario: Scenario) -> Any:
    """It hangs on the code alone, so that other edits do not ask again."""
    code = scenario.code
    alone = store.kept(_CODE_ALONE, code, lambda: Scenario(api=scenario.api, code=code, batches=[]))
    return store.answer(alone, debugger.ReadJob())
