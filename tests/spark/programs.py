"""Random functions as data: tables of steps that one fixed function of each API follows.

A step is `(name, argument)`; what it raises is noted in the output, unless its name begins with "!": then it is fatal.
"""

from typing import Any

from hypothesis import strategies as st

from engine.model.scenario import Scenario
from tests.spark.streams import LENGTHS_MS, TIMES_MS, streams

UPDATE_STATE = """\
PROGRAM = {program!r}

def do(step, argument, state):
    if step == "update": state.update(argument)
    if step == "add": state.update((state.getOption() or 0) + argument)
    if step == "remove": state.remove()
    if step == "duration": state.setTimeoutDuration(argument)
    if step == "timestamp": state.setTimeoutTimestamp(argument)
    if step == "timestamp and": state.setTimeoutTimestamp(*argument)
    if step == "after the watermark": state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + argument)
    if step == "get": return state.get()
    if step == "look": return [bool(state.exists), state.getOption(), bool(state.hasTimedOut)]
    if step == "times": return [state.getCurrentProcessingTimeMs(), state.getCurrentWatermarkMs()]
    if step == "print": print(argument)
    if step == "raise": raise ValueError(argument)

def updateState(key, values, state):
    rows = list(values)
    timed_out = bool(state.hasTimedOut)
    said = [timed_out, state.getOption(), [row.v for row in rows]]
    steps = PROGRAM["timeout"] if timed_out else PROGRAM["data"][rows[0].script]
    for name, argument in steps:
        try:
            said.append(do(name.removeprefix("!"), argument, state))
        except Exception as error:
            if name.startswith("!"):
                raise
            said.append(str(error))
    return [(repr(said),)] * (1 + steps.count(("emit", None)))
"""

APPLY_IN_PANDAS = """\
nan = float("nan")
PROGRAM = {program!r}

def do(step, argument, state):
    if step == "update": state.update(argument)
    if step == "add": state.update((((state.getOption or (0,))[0] or 0) + argument, "added", 0.5))
    if step == "remove": state.remove()
    if step == "duration": state.setTimeoutDuration(argument)
    if step == "timestamp": state.setTimeoutTimestamp(argument)
    if step == "timestamp and": state.setTimeoutTimestamp(*argument)
    if step == "after the watermark": state.setTimeoutTimestamp(state.getCurrentWatermarkMs() + argument)
    if step == "get": return state.get
    if step == "look": return [state.exists, state.getOption, state.hasTimedOut, state.oldTimeoutTimestamp, str(state)]
    if step == "times": return [state.getCurrentProcessingTimeMs(), state.getCurrentWatermarkMs()]
    if step == "print": print(argument)
    if step == "raise": raise ValueError(argument)

def fn(key, pdfs, state):
    said = [[type(part).__name__ for part in key], state.hasTimedOut, state.getOption]
    script, emitted = 0, 1
    for number, pdf in enumerate(pdfs):
        said.append([pdf[name].tolist() for name in ("v", "ts")] + [str(kind) for kind in pdf.dtypes] + list(pdf.index))
        script = int(pdf["script"].iloc[0]) if number == 0 and len(pdf) else script
        if number == PROGRAM["reads"]:
            break
    for name, argument in PROGRAM["timeout"] if state.hasTimedOut else PROGRAM["data"][script]:
        try:
            if name == "emit":
                yield pd.DataFrame({{"said": ["emitted"] * emitted}})
                emitted += 1
            else:
                said.append(do(name.removeprefix("!"), argument, state))
        except Exception as error:
            if name.startswith("!"):
                raise
            said.append(f"{{type(error).__name__}}: {{error}}")
    yield pd.DataFrame({{"said": [repr(said)]}})
"""

#: What is stored for (n bigint, s string, d double): also what does not fit, and what is no tuple of three.
CELLS = st.sampled_from([None, 0, 1, -7, 2**40, 1.5, -0.0, float("nan"), True, "", "text", "é"])
STORED = (
    st.tuples(st.integers(-5, 5), st.sampled_from(["a", None]), st.sampled_from([0.5, None]))
    | st.tuples(CELLS, CELLS, CELLS)
    | st.tuples(CELLS, CELLS, CELLS).map(list)
)


def _steps(timeout_conf: str, values: st.SearchStrategy[Any], durations: st.SearchStrategy[Any], odd: list[Any]) -> Any:
    """Steps of one call: mostly what the timeout conf allows, now and then what it does not."""
    usual = [
        *[("update", values), ("add", st.integers(1, 3)), ("remove", st.none()), ("emit", st.none())],
        *[("get", st.none()), ("look", st.none()), ("times", st.none()), ("print", st.sampled_from(["one", "two\n"]))],
    ]
    event_time_setters = [
        ("after the watermark", st.sampled_from([-1, 0, 1, 1000, 5000])),
        ("timestamp", TIMES_MS),
        ("timestamp and", st.tuples(TIMES_MS, st.sampled_from(["1 second", "0 seconds", "-1 second"]))),
    ]
    setters = {
        "ProcessingTimeTimeout": [("duration", durations)] * 5 + [("timestamp", TIMES_MS)],
        "EventTimeTimeout": [*event_time_setters * 2, ("duration", durations)],
        "NoTimeout": [("duration", durations), ("timestamp", TIMES_MS)],
    }
    of = lambda kinds: st.sampled_from(kinds).flatmap(lambda kind: st.tuples(st.just(kind[0]), kind[1]))  # noqa: E731
    step = st.integers(0, 30).flatmap(lambda n: of(odd) if n == 30 else of(usual + setters[timeout_conf] * 2))
    return st.lists(step, min_size=1, max_size=4)


ODD = [
    ("update", st.none()),
    ("duration", st.sampled_from([0, -1])),
    ("timestamp", st.sampled_from([0, -1])),
    ("!raise", st.just("boom")),
    ("!get", st.none()),
]
TIMEOUT_CONFS = st.sampled_from(["ProcessingTimeTimeout", "EventTimeTimeout", "NoTimeout"])


@st.composite
def update_state_scenarios(draw: st.DrawFn) -> Scenario:
    """Scenarios of updateState under the JVM's rules."""
    timeout_conf = draw(TIMEOUT_CONFS)
    lengths = LENGTHS_MS | st.sampled_from(["1 second", "interval 5 seconds", "10 minutes", "0 seconds", "soon", "1 s"])
    steps = _steps(timeout_conf, st.integers(-1, 3), lengths, ODD)
    program = {"data": draw(st.lists(steps, min_size=3, max_size=3)), "timeout": draw(steps)}
    return Scenario(
        api="updateState",
        semantics="spark",
        code=UPDATE_STATE.format(program=program),
        output_schema="said string",
        **draw(streams(timeout_conf)),
    )


@st.composite
def apply_in_pandas_scenarios(draw: st.DrawFn) -> Scenario:
    """Scenarios of applyInPandasWithState."""
    timeout_conf = draw(TIMEOUT_CONFS)
    odd = [
        *ODD,
        ("update", st.just(5)),
        ("duration", st.sampled_from(["1 second", 1001.5])),
        ("!update", st.just((1,))),
    ]
    steps = _steps(timeout_conf, STORED, LENGTHS_MS, odd)
    program = {
        "data": draw(st.lists(steps, min_size=3, max_size=3)),
        "timeout": draw(steps),
        "reads": draw(st.sampled_from([None, None, 0, 1])),
    }
    stream = draw(streams(timeout_conf))
    limit = draw(st.sampled_from([None, 1, 2, 3]))
    if limit:
        stream["conf"]["spark.sql.execution.arrow.maxRecordsPerBatch"] = limit
    return Scenario(
        api="applyInPandasWithState",
        code=APPLY_IN_PANDAS.format(program=program),
        entry="fn",
        output_schema="said string",
        state_schema="n bigint, s string, d double",
        **stream,
    )
