"""Between texts in the editors and actions: what a text says, and what a scenario looks like as text. Runs nothing."""

import re
from typing import Any, Final

from engine import Problem, Scenario, debugger, events, scenario_from_json, share_decode

#: With more events than this an editor is no help any more: they are shown as a table.
_MOST_IN_EDITOR: Final = 2_000
_SETTING: Final = re.compile(r"(?P<name>[\w.-]+)\s*[=\s]\s*(?P<value>\S.*)")


def events_text(scenario: Scenario) -> str | None:
    """The events as text for the editor; None when they are too many."""
    if sum(len(batch.rows) for batch in scenario.batches) > _MOST_IN_EDITOR:
        return None
    return events.write_text(scenario.batches, scenario.restart_before)


def opening(scenario: Scenario, step_index: int | None = None) -> debugger.OpenScenario:
    """The action that puts a scenario into the editors."""
    return debugger.OpenScenario(scenario, events_text(scenario), step_index)


def opening_file(content: bytes) -> debugger.OpenScenario | debugger.Tell:
    """The action for a scenario file; one that is none is told of."""
    scenario = scenario_from_json(content)
    return _opened("file", scenario, None)


def opening_link(payload: str) -> debugger.OpenScenario | debugger.Tell:
    """The action for what a link brings; one that brings nothing is told of."""
    shared = share_decode(payload)
    if isinstance(shared, list):
        return _opened("link", shared, None)
    return _opened("link", shared.scenario, shared.step)


def _opened(what: str, read: Scenario | list[Problem], step: int | None) -> debugger.OpenScenario | debugger.Tell:
    if isinstance(read, list):
        return _not_opened(what, read[0])
    return opening(read, step)


def _not_opened(what: str, problem: Problem) -> debugger.Tell:
    where = "" if problem.where == what else f"{problem.where}: "
    return debugger.Tell(Problem(f"This {what} was not opened", f"{where}{problem.what}", problem.mend))


def changing(scenario: Scenario, stream: debugger.Stream) -> debugger.ChangeStream:
    """The action that gives the scenario's function another stream."""
    return debugger.ChangeStream(stream, events_text(stream.put_into(scenario)))


def editing(text: str) -> debugger.EditEvents:
    """The action for a text that was typed into the events editor."""
    read = events.read_text(text)
    return debugger.EditEvents(text, tuple(read.batches), tuple(read.restart_before), tuple(read.problems))


def settings_text(scenario: Scenario) -> str:
    """The settings of the Spark session, one a line, as Spark writes their values."""
    return "\n".join(f"{name} = {_as_spark_writes(setting)}" for name, setting in scenario.conf.items())


def setting(text: str) -> debugger.SetConf | debugger.Tell:
    """The action for settings that were typed, one a line: a name, then = or a space, then the value."""
    conf = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _SETTING.fullmatch(line)
        if found is None:
            return debugger.Tell(
                Problem("Session settings", f"{line!r} is not a setting", "Write name = value, one per line")
            )
        conf[found["name"]] = found["value"]
    return debugger.SetConf(conf)


def _as_spark_writes(setting: Any) -> str:
    return str(setting).lower() if isinstance(setting, bool) else str(setting)
