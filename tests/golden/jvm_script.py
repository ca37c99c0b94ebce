"""The scripts that drove the JVM's API when the answers were recorded, as updateState functions with the same steps.

A step is `update:7`, `remove`, `dur:1000` (a timeout duration), `durs:10 minutes` (as a string), `ts:5000` (a timeout
timestamp), `tss:5000;1 hour` (with an additional duration), `get`, `exists`, `getOption`, `str`, `wm`, `pt`, `boom:text`;
`?none:` and `?some:` before it ask for the state, `!` lets its exception through. A call gives one row: a log of its steps.
"""

_FUNCTION = """
DATA = {data!r}
TIMEOUT = {timeout!r}

class RuntimeException(RuntimeError):
    spark_class = "java.lang.RuntimeException"

def boom(text):
    raise RuntimeException(text)

def optional(state):
    value = state.getOption()
    return "None" if value is None else f"Some({{value}})"

def number(text):
    return None if text == "null" else int(text)

STEPS = {{
    "update": lambda state, a: state.update(number(a)),
    "remove": lambda state, a: state.remove(),
    "get": lambda state, a: state.get(),
    "exists": lambda state, a: "true" if state.exists() else "false",
    "getOption": lambda state, a: optional(state),
    "str": lambda state, a: str(state),
    "dur": lambda state, a: state.setTimeoutDuration(int(a)),
    "durs": lambda state, a: state.setTimeoutDuration(a),
    "ts": lambda state, a: state.setTimeoutTimestamp(int(a)),
    "tss": lambda state, a: state.setTimeoutTimestamp(int(a.split(";")[0]), a.split(";")[1]),
    "wm": lambda state, a: state.getCurrentWatermarkMs(),
    "pt": lambda state, a: state.getCurrentProcessingTimeMs(),
    "boom": lambda state, a: boom(a),
}}

def done(step, state):
    fatal = step.startswith("!")
    name, _, argument = step.removeprefix("!").partition(":")
    try:
        result = STEPS[name](state, argument)
        return "ok" if result is None else result
    except Exception as error:
        if fatal:
            raise
        return f"{{type(error).spark_class}}: {{error}}"

def updateState(key, values, state):
    count = sum(1 for _ in values)
    log = "TIMEOUT" if state.hasTimedOut() else "DATA"
    log += f" {{key}} n={{count}} before={{state.get() if state.exists() else 'none'}}"
    for step in TIMEOUT if state.hasTimedOut() else DATA:
        wanted, condition = step, step[:6]
        if condition in ("?none:", "?some:"):
            if (condition == "?some:") != bool(state.exists()):
                continue
            wanted = step[6:]
        log += f" | {{wanted}} -> {{done(wanted, state)}}"
    return [(log,)]
"""


def function_of(script: dict[str, list[str]]) -> str:
    """The source of the function that makes the script's steps."""
    return _FUNCTION.format(data=script.get("data", []), timeout=script.get("timeout", []))
