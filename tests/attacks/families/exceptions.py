"""Attacks by what is raised: an exception is asked for its text, its class and where it comes from, and lies or fails.

Each has to end as what it is, an exception of the function, at its line: else the replay failed where the function did.
"""

import sys

from tests.attacks.catalog import attack


@attack("blocked")
def traceback_without_end(t):
    from types import SimpleNamespace

    code = SimpleNamespace(co_filename="<your function>", co_name="again")
    around = SimpleNamespace(tb_frame=SimpleNamespace(f_code=code), tb_lineno=1)
    around.tb_next = around

    class Lying(Exception):
        __traceback__ = property(lambda self: around)

    raise Lying("it never ends")


@attack("blocked")
def name_of_the_class_raises(t):
    class Meta(type):
        def __getattribute__(cls, name):
            raise SystemExit(name)

    class Nameless(Exception, metaclass=Meta):
        pass

    raise Nameless("what am I?")


@attack("blocked")
def every_attribute_raises(t):
    class Touchy(Exception):
        def __getattribute__(self, name):
            raise BaseException(f"do not ask for {name}")

    raise Touchy("asked")


@attack("blocked")
def text_exits(t):
    class Leaving(Exception):
        def __str__(self):
            raise SystemExit(3)

    raise Leaving


@attack("blocked")
def text_is_of_another_class(t):
    class Lying(str):
        def __getitem__(self, key):
            return 5

        encode = __len__ = __getitem__

    class Told(Exception):
        def __str__(self):
            return Lying("the text")

    raise Told


@attack("blocked")
def what_our_own_errors_say_is_no_text(t):
    class Pretending(Exception):
        spark_class = ["<b>"] * 1000
        line = "first"
        advice = property(lambda self: 1 / 0)

    raise Pretending("not ours")


@attack("blocked")
def syntax_error_of_another_place(t):
    error = SyntaxError("no syntax", ("<your function>", 10**12, 10**12, "text"))
    error.msg, error.lineno, error.text = [1], -(2**70), 5
    raise error


@attack("blocked")
def line_beyond_all_lines(t):
    """A code object may say that it begins anywhere, or nowhere."""

    def failing():
        return 1 / 0

    moved = failing.__code__.replace(co_firstlineno=2**31 - 2, co_name="\ud800" * 10**5)
    return type(failing)(moved, {})()


@attack("blocked")
def bytecode_without_lines(t):
    def failing():
        return 1 / 0

    return type(failing)(failing.__code__.replace(co_linetable=b""), {})()


@attack("stopped")
def memory_error_that_led_to_itself(t):
    class Lying(MemoryError):
        __context__ = property(lambda self: self)
        __traceback__ = None

    raise Lying


@attack("blocked")
def code_of_the_exit_fails(t):
    class Code:
        def __str__(self):
            raise KeyboardInterrupt

        __repr__ = __str__

    sys.exit(Code())


@attack("blocked")
def recursion_that_is_deep(t):
    sys.setrecursionlimit(10**6)

    def deeper(left):
        return deeper(left - 1) if left else 1 / 0

    deeper(20_000)


@attack("blocked")
def name_of_the_class_answers_for_itself(t):
    class Lying(str):
        def __format__(self, how):
            raise SystemExit

        __str__ = __repr__ = __getitem__ = __len__ = encode = __format__

    raise type(Lying("Named"), (Exception,), {"__str__": lambda self: 1 / 0})


@attack("blocked")
def what_is_told_is_too_long_for_a_frame(t):
    """The reader takes frames of 4 MiB: one that was cut off or left out would tell of another failure than this one."""
    raise type("E" * 6_000_000, (Exception,), {"spark_class": "S" * 6_000_000, "advice": "A" * 6_000_000})


@attack("blocked")
def line_that_is_too_long_for_a_traceback(t):
    lines = "def again(left):\n    return again(left - 1) if left else 1 / 0; " + "x" * 600_000
    names = {}
    exec(compile(lines, "<your function>", "exec"), names)
    names["again"](30)


@attack("blocked")
def limit_that_nobody_reached(t):
    """A limit of time is believed when the clock outside says so too."""
    from engine.model.user_objects import LimitReached

    raise LimitReached("time_limit", "the replay took longer than the 1.5 s it may take")
