"""What a pasted job says of its query and the page does not. Lives here: that, in the words of the page's controls."""

import re
from collections.abc import Sequence
from typing import Any, Final

from engine.model.job import Job
from engine.model.scenario import InitialState, Scenario, Watermark
from engine.views.words import visible

_NAMES: Final = {
    "entry": "Function",
    "api": "API",
    "semantics": "Rules",
    "key": "Key",
    "timeout_conf": "Timeouts",
    "time_mode": "Time mode",
    "watermark": "Event time",
    "output_mode": "Output mode",
    "query_output_mode": "Output mode of the query",
    "input_schema": "Input schema",
    "output_schema": "Output schema",
    "state_schema": "State schema",
    "event_time_column_name": "Event-time column of the output",
    "initial_state": "State so far",
    "shuffle_partitions": "Shuffle partitions",
    "conf": "Settings",
}
_MODES: Final = ("timeout_conf", "time_mode")
#: Without one of these nobody writes a job, nor a function for pandas frames, nor a StatefulProcessor.
_MAY_SAY: Final = re.compile(r"pandas|\bpd\.|\bpdf|spark|StatefulProcessor|WithState|handleInputRows")


def may_be_a_job(code: str) -> bool:
    """Whether it is worth while to load the code once more, and to look at what it says of a query."""
    return _MAY_SAY.search(code) is not None


def said_otherwise(job: Job, scenario: Scenario, mode: str) -> dict[str, str]:
    """What the job says and the scenario does not, in the order of the controls: the control's name, and what it would be.

    `mode` is the timeout conf or time mode in force: a scenario need not write that of its API.
    """
    said = {name: value for name, value in job.fields().items() if not _is_same(value, _now(scenario, name, mode))}
    return {_NAMES[name]: _text(said[name]) for name in _NAMES if name in said}


def _now(scenario: Scenario, name: str, mode: str) -> Any:
    """A field of the scenario; a key of one column may be written as a list, or be the first column of the rows."""
    if name == "key":
        columns = list(scenario.key_columns)
        return columns[0] if len(columns) == 1 else columns
    if name == "query_output_mode":
        return scenario.query_output_mode or scenario.output_mode
    return getattr(scenario, name) or (mode if name in _MODES else None)


def _is_same(said: Any, is_now: Any) -> bool:
    if isinstance(said, str) and isinstance(is_now, str):
        return said.split() == is_now.split()
    return bool(said == is_now)


def _text(value: Any) -> str:
    match value:
        case Watermark(column, delay):
            return f"{visible(column)}, {visible(delay)} late at most"
        case InitialState(schema, _, rows):
            return f"{visible(schema)}; {len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
        case dict():
            return visible(", ".join(f"{name} = {setting}" for name, setting in value.items()))
        case list():
            return visible(", ".join(value))
    return visible(str(value))


def job_names(jobs: Sequence[Job]) -> list[str]:
    """What each job is called beside the others: its function's name, with the key where that alone is another."""
    names = [visible(job.function_name) for job in jobs]
    return [
        name if names.count(name) == 1 else f"{number}. {name} by {_text(list(job.key or ('?',)))}"
        for number, (name, job) in enumerate(zip(names, jobs, strict=True), start=1)
    ]


def job_in_force(jobs: Sequence[Job], scenario: Scenario) -> int:
    """Which of the jobs the scenario is of: by the function that is called, and by the key; else the first."""
    called = [number for number, job in enumerate(jobs) if job.entry is not None and job.entry == scenario.entry]
    keyed = [number for number in called if jobs[number].key == scenario.key_columns]
    return next(iter((*keyed, *called, 0)))
