"""Random StatefulProcessors as data: tables of steps that one fixed processor of each mode follows.

A step is `(name, arguments)`, a method of the handle or, after a dot, of a state variable; what it gives and what it
raises is noted in the output, unless its name begins with "!": then it is fatal.
"""

from typing import Any

from hypothesis import strategies as st

from engine.model.scenario import InitialState, Scenario
from tests.spark.programs import STORED
from tests.spark.streams import processor_streams

_PROCESSOR = """\
nan = float("nan")
PROGRAM = {program!r}

class Processor(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.seen = []
        self.variables = {{
            name: getattr(handle, kind)(name, *arguments) for name, (kind, *arguments) in PROGRAM["variables"].items()
        }}

    def do(self, step, arguments, times):
        if step == "raise": raise ValueError(*arguments)
        if step == "print": return print(*arguments)
        if step == "in": return self.handle.registerTimer(max(times) + arguments[0])
        name, _, method = step.rpartition(".")
        given = getattr(self.variables[name] if name else self.handle, method)(*arguments)
        return list(given) if hasattr(given, "__next__") else given

    def told(self, key, times, steps, said):
        said = [[(type(part).__name__, part) for part in key], times, len(self.seen), said]
        self.seen.append(key)
        for name, arguments in steps:
            try:
                said.append(self.do(name.removeprefix("!"), arguments, times))
            except Exception as error:
                if name.startswith("!"):
                    raise
                said.append(f"{{type(error).__name__}}: {{error}}")
        return repr(said)

    def times(self, values):
        return values.getCurrentProcessingTimeInMs(), values.getCurrentWatermarkInMs()

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        fired = ["fired", expiredTimerInfo.getExpiryTimeInMs()]
        yield self.row(self.told(key, self.times(timerValues), PROGRAM["timer"], fired))

    def handleInitialState(self, key, initialState, timerValues):
        print(self.told(key, self.times(timerValues), PROGRAM["initial"], self.look(initialState)))

    def close(self):
        print("close", len(self.seen))
"""
_IN_PANDAS = """
    def row(self, text):
        return pd.DataFrame({{"said": [text]}})

    def look(self, frame):
        return [list(frame.columns), [str(kind) for kind in frame.dtypes], frame.values.tolist()]

    def handleInputRows(self, key, rows, timerValues):
        said, script = [], None
        for frame in rows:
            script = int(frame["script"].iloc[0]) if script is None else script
            said.append(self.look(frame))
            if len(said) == PROGRAM["reads"]:
                break
        steps = PROGRAM["data"][0 if script is None else script]
        yield self.row(self.told(key, self.times(timerValues), steps, said))
"""
_IN_ROWS = """
    def row(self, text):
        return Row(said=text)

    def look(self, row):
        return row

    def handleInputRows(self, key, rows, timerValues):
        said = []
        for row in rows:
            said.append(self.look(row))
            if len(said) == PROGRAM["reads"]:
                break
        steps = PROGRAM["data"][said[0].script if said else 0]
        yield self.row(self.told(key, self.times(timerValues), steps, said))
"""
CODE = {"transformWithStateInPandas": _PROCESSOR + _IN_PANDAS, "transformWithState": _PROCESSOR + _IN_ROWS}

_TIMES_MS = st.sampled_from([-5, 0, 1, 999, 1000, 1001, 2000, 5000, 5001, 10_000, 15_000, 2**40])
_LENGTHS_MS = st.sampled_from([-1001, -1, 0, 1, 999, 1000, 5000])
#: The user keys of a map: their schema, and the values of each.
USER_KEYS: list[tuple[str, st.SearchStrategy[Any]]] = [
    ("k string", st.tuples(st.sampled_from(["", "a", "b", "B", "aa", "é", "12345678", "123456789"]))),
    ("k bigint", st.tuples(st.sampled_from([0, 1, 255, 256, -1, 2**40]))),
    ("k int, j string", st.tuples(st.sampled_from([0, 1, 256, -1]), st.sampled_from(["a", "bb"]))),
    ("k double", st.tuples(st.sampled_from([0.0, 1.5, -1.5, 2.0]))),
    ("k boolean", st.tuples(st.booleans())),
]
_LONGS = st.tuples(st.none() | st.integers(-3, 300))
#: Dicts come back from the store in the order of Java's hash maps.
_DICTS = st.tuples(
    st.dictionaries(st.text("abxyz019é", max_size=3), st.integers(-3, 300), max_size=14),
    st.lists(st.dictionaries(st.sampled_from(["Aa", "BB", "C#", "x", ""]), st.sampled_from(["a", None])), max_size=2),
)


def _nothing(names: list[str]) -> list[tuple[str, st.SearchStrategy[Any]]]:
    return [(name, st.just(())) for name in names]


@st.composite
def _variables(draw: st.DrawFn, ttls_ms: list[int | None]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """State variables as (method, schemas, TTL), and what may be done to them: a name and the tuple of arguments."""
    user_key_schema, user_keys = draw(st.sampled_from(USER_KEYS))
    ttl = st.sampled_from(ttls_ms).map(lambda ttl_ms: () if ttl_ms is None else (ttl_ms,))
    lists = st.lists(_LONGS, min_size=1, max_size=3)
    kinds = {
        "v": ("getValueState", "n bigint, s string, d double"),
        "l": ("getListState", "x bigint"),
        "m": ("getMapState", user_key_schema, "y string"),
        "d": ("getValueState", "counts map<string,bigint>, all array<map<string,string>>"),
    }
    methods = {
        "v": [("update", STORED.map(lambda value: (value,))), *_nothing(["get", "exists", "clear"])],
        "l": [
            *[("put", lists.map(lambda values: (values,))), ("appendList", lists.map(lambda values: (values,)))],
            *[("appendValue", _LONGS.map(lambda value: (value,)))] * 3,
            *_nothing(["get", "exists", "clear"]),
        ],
        "m": [
            *[("updateValue", st.tuples(user_keys, st.tuples(st.sampled_from(["one", "", None]))))] * 4,
            *[(name, user_keys.map(lambda key: (key,))) for name in ("getValue", "containsKey", "removeKey")],
            *_nothing(["iterator", "keys", "values", "exists", "clear"]),
        ],
        "d": [("update", st.tuples(_DICTS)), *_nothing(["get", "exists", "clear"])],
    }
    names = draw(st.lists(st.sampled_from(["v", "l", "m", "d"]), min_size=1, unique=True))
    declared = {name: (*kinds[name], *draw(ttl)) for name in names}
    return declared, [(f"{name}.{method}", given) for name in names for method, given in methods[name]]


def _steps(of_variables: list[tuple[str, Any]], time_mode: str) -> Any:
    """Steps of one call: mostly what the time mode allows, now and then what it does not."""
    timers: list[tuple[str, Any]] = [
        *[("in", st.tuples(_LENGTHS_MS))] * 3,
        *[("registerTimer", st.tuples(_TIMES_MS)), ("deleteTimer", st.tuples(_TIMES_MS)), *_nothing(["listTimers"])],
    ]
    usual = [*of_variables * 2, *(timers if time_mode != "None" else []), ("print", st.just(("one",)))]
    odd = [
        *[("!raise", st.just(("boom",))), ("v.update", st.just((None,))), ("!v.update", st.just(((1,),)))],
        *[("!l.put", st.just(([],))), ("l.appendList", st.just(([],))), ("!m.updateValue", st.just(((1, 2, 3), (1,))))],
        *([("!registerTimer", st.just((1,)))] if time_mode == "None" else []),
    ]
    of = lambda kinds: st.sampled_from(kinds).flatmap(lambda kind: st.tuples(st.just(kind[0]), kind[1]))  # noqa: E731
    step = st.integers(0, 40).flatmap(lambda n: of(odd) if n == 40 else of(usual))
    return st.lists(step, min_size=1, max_size=4)


@st.composite
def processor_scenarios(draw: st.DrawFn, api: str) -> Scenario:
    """Scenarios of transformWithStateInPandas or of transformWithState."""
    time_mode = draw(st.sampled_from(["ProcessingTime", "ProcessingTime", "EventTime", "None"]))
    variables, of_variables = draw(_variables([None, 1000, 2500] if time_mode == "ProcessingTime" else [None]))
    steps = _steps(of_variables, time_mode)
    stream, initial = draw(processor_streams(time_mode))
    program = {
        "variables": variables,
        "data": draw(st.lists(steps, min_size=3, max_size=3)),
        "timer": draw(steps),
        "initial": draw(steps),
        "reads": draw(st.sampled_from([None, None, 1])),
    }
    limit = draw(st.sampled_from([None, None, 1, 2, 3]))
    if limit:
        stream["conf"]["spark.sql.execution.arrow.maxRecordsPerBatch"] = limit
    return Scenario(
        api=api,
        code=CODE[api].format(program=program),
        output_schema="said string",
        time_mode=time_mode,
        initial_state=None if initial is None else InitialState(*initial),
        **stream,
    )
