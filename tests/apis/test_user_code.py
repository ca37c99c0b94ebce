"""What the user's code prints and how it ends, whatever it does to standard output."""

import sys

from tests.helpers import TUTORIAL, replayed


def printed(does: str) -> list[str]:
    return [
        call.printed
        for call in replayed(f"import sys\ndef updateState(key, values, state):\n    {does}\n", (0, "a b")).calls
    ]


def test_what_goes_to_standard_error_is_printed_too():
    assert printed("print('to stderr', file=sys.stderr)") == ["to stderr\n", "to stderr\n"]


def test_closing_standard_output_has_no_effect():
    assert printed("print('before'); sys.stdout.close(); print('after')") == ["before\nafter\n", "before\nafter\n"]


def test_a_call_that_prints_without_end_is_stopped_at_its_line():
    trace = replayed("def updateState(key, values, state):\n    while True:\n        print('x' * 100)\n", (0, "a"))
    assert trace.ending == "output_limit"
    assert trace.error.line == 3
    assert trace.error.message == "one call printed more than the 1,000,000 characters that it may print"
    assert trace.calls[0].printed.startswith("xxx")


def test_exit_has_no_message_but_an_advice():
    trace = replayed("def updateState(key, values, state):\n    exit()\n", (0, "a"))
    assert (trace.error.error_class, trace.error.message, trace.error.line) == ("SystemExit", "", 2)
    assert "return []" in trace.error.advice


def test_the_streams_of_the_process_are_back_after_a_replay():
    before = sys.stdout, sys.stderr
    replayed("def updateState(key, values, state):\n    raise ValueError\n", (0, "a"))
    assert (sys.stdout, sys.stderr) == before


def test_a_source_that_pythons_parser_gives_up_on_is_no_want_of_memory():
    trace = replayed("x = " + "-" * 100_000 + "1\n" + TUTORIAL, (0, "a"))
    assert (trace.ending, trace.error.error_class) == ("user_error", "SyntaxError")


def test_a_callable_object_whose_class_hides_its_name_is_called():
    code = """\
class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
class Counts(metaclass=Meta):
    __name__ = property(lambda self: [1])
    def __call__(self, key, values, state):
        return [(key, len(values))]
updateState = Counts()
"""
    trace = replayed(code, (0, "a"))
    assert (trace.function_name, trace.calls[0].output) == ("Counts", [["a", 1]])
