"""Texts of a stranger who wants to be more than text, and a scenario that has them wherever a scenario can have text."""

from engine import Batch, Rows, Scenario

HTML = "<img src=//evil.example/i onerror=alert(1)><script>alert(1)</script>"
MARKDOWN = "![i](//evil.example/m) [l](//evil.example) :material/home: :red[r] $x^2$"
UNSEEN = "\u202eabc\u2066\x1b[2J"
TEXT = f"{HTML} {MARKDOWN} {UNSEEN}"

_CODE = """\
print("\\u202eloaded")
def updateState(key, values, state):
    print(key)
    if state.hasTimedOut():
        class Odd(Exception): pass
        Odd.__name__ = key
        raise Odd(key)
    state.update({key: [key, {"a": key}]})
    state.setTimeoutDuration(60_000)
    return [{key: key, "=1+1": "=1+1"}]
"""
#: Two calls, then a third that fails of an exception whose name and message are hostile too.
SCENARIO = Scenario(
    api="updateState",
    title=TEXT,
    about=f"{TEXT}\nin two lines",
    code=_CODE,
    key=[TEXT],
    batches=[Batch(0, Rows([TEXT, "b"], [[TEXT, "=1+1"], [1, "2"]])), Batch(10**6)],
)


def hides_something(text: str) -> bool:
    """Whether a text has characters that cannot be seen."""
    return any(not char.isprintable() and char not in "\n\t" for char in text)
