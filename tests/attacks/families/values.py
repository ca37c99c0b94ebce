"""Attacks by values: what is returned, stored or printed is asked for its repr, its length, its parts, and lies."""

from tests.attacks.catalog import attack
from tests.attacks.toolbox import held

_ANY = ("harmless", "stopped", "blocked")


@attack("harmless")
def text_that_lies(t):
    class Lying(str):
        def __getitem__(self, key):
            return "a lie"

        def __len__(self):
            return 1 << 60

        def __str__(self):
            return "a lie"

    return Lying("x")


@attack("harmless")
def text_that_is_no_text(t):
    """Lone surrogates, control and bidirectional characters, HTML, a formula."""
    return "\ud800\x00\x1b[2J\u202e<img src=x onerror=alert(1)>=HYPERLINK('x')"


@attack(*_ANY)
def reduce(t):
    """Runs when something pickles or copies it."""

    class Reduced:
        def __reduce_ex__(self, protocol):
            return open, (t.folder + "/reduced", "w")

        __copy__ = __deepcopy__ = lambda self, *_: open(t.folder + "/copied", "w")

    t.state.update(Reduced())
    return Reduced()


@attack(*_ANY)
def class_that_lies(t):
    class Int:
        __class__ = int

        def __int__(self):
            return 1 << 70

        __index__ = __float__ = __int__

    t.state.update(Int())
    return Int()


@attack(*_ANY)
def attributes_that_raise(t):
    class Touchy:
        def __getattr__(self, name):
            raise BaseException(f"do not ask for {name}")

    return Touchy()


@attack(*_ANY)
def attributes_for_everything(t):
    """Looks like a date, a number of numpy's, a frame, a mapping and a list at once."""

    class Everything:
        ndim = 0

        def __getattr__(self, name):
            return lambda *_: Everything()

        def __iter__(self):
            return iter([Everything()])

        def __len__(self):
            return 1

    return Everything()


@attack(*_ANY)
def mapping_without_end(t):
    from collections.abc import Mapping

    class Endless(Mapping):
        def __getitem__(self, key):
            return Endless()

        def __iter__(self):
            return iter(range(10))

        def __len__(self):
            return 10

    t.state.update(Endless())
    return Endless()


@attack(*_ANY)
def equality_that_lies(t):
    class Equal:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

        def __bool__(self):
            raise RuntimeError("neither")

    t.state.update({Equal(): Equal()})
    return Equal()


@attack(*_ANY)
def formats_that_raise(t):
    class Unformatted(float):
        def __format__(self, how):
            raise RuntimeError("no format")

        __str__ = __repr__ = __float__ = lambda self: 1 / 0

    t.state.update(Unformatted(1.0))
    return Unformatted(1.0)


@attack(*_ANY)
def metaclass_that_raises(t):
    class Meta(type):
        def __instancecheck__(cls, other):
            raise RuntimeError("no")

        def mro(cls):
            return [cls, object]

    class Odd(metaclass=Meta):
        pass

    return Odd()


@attack(*_ANY)
def buffer_that_changes(t):
    """Changes while it is being written."""
    changing = [1, 2, 3]

    class Changing(list):
        def __iter__(self):
            changing.append(self)
            return super().__iter__()

    changing.append(Changing([changing]))
    return changing


@attack(*_ANY)
def call_recorded_from_inside_a_call(t):
    """The trace is ended while its replay goes on."""
    for writer in held("FrameWriter") + held("_CountingWriter"):
        writer.ended("completed", None, ())
    return t.key


@attack(*_ANY)
def keys_of_all_kinds(t):
    t.state.update({None: 1, (1, 2): 2, 1.5: 3, b"\xff": 4, True: 5, frozenset([1]): 6, "\ud800": 7})
    return {None: 1, (1, 2): 2}


@attack(*_ANY)
def numbers_beyond_numbers(t):
    import numpy as np

    t.state.update([float("nan"), float("inf"), -(2**70), np.float16(1), np.datetime64("NaT"), np.timedelta64(2**62)])
    return np.longdouble(1) / 3


@attack(*_ANY)
def prints_that_lie(t):
    import sys

    class Lying(str):
        def __str__(self):
            return "a lie"

        encode = splitlines = None

    print(Lying("<script>alert(1)</script>"), "\x1b]8;;http://example.org\x07link\x1b]8;;\x07", "\ud800")
    sys.stdout.write(Lying("x"))
    sys.stdout.buffer = None
    return "printed"


@attack(*_ANY)
def timeouts_beyond_the_calendar(t):
    t.state.update(1)
    t.state.setTimeoutDuration(2**63 - 1)
    return 1


@attack(*_ANY)
def error_whose_class_lies(t):
    class Lying(Exception):
        __name__ = "<b>bold</b>"

        def __str__(self):
            raise ValueError("no text")

        args = property(lambda self: 1 / 0)

    Lying.__name__ = "<b>\u202ebold</b>"
    Lying.__module__ = "\x1b[2J"
    raise Lying


@attack(*_ANY)
def error_group(t):
    raise BaseExceptionGroup("all", [KeyboardInterrupt(), SystemExit(3), ExceptionGroup("inner", [ValueError("x")])])


@attack("harmless")
def looks_that_exit(t):
    """Whatever is asked of it ends the program."""

    class Leaving:
        def __repr__(self):
            raise SystemExit(3)

        __str__ = __eq__ = __len__ = __repr__
        __hash__ = object.__hash__

    class Zone(__import__("datetime").tzinfo):
        def utcoffset(self, _):
            raise KeyboardInterrupt

    t.state.update({Leaving(): Leaving()})
    return [Leaving(), __import__("datetime").datetime(2024, 1, 1, tzinfo=Zone())]


@attack("harmless")
def name_of_a_class_that_raises(t):
    class Meta(type):
        __name__ = property(lambda cls: 1 / 0)

    class Nameless(metaclass=Meta):
        def __repr__(self):
            raise ValueError

    t.state.update(Nameless())
    return Nameless()


@attack("harmless")
def texts_of_another_class(t):
    class Lying(str):
        def __getitem__(self, key):
            return 5

        encode = __len__ = __getitem__

    class Told:
        def __repr__(self):
            return Lying("the text")

    t.state.update({Told(): "x" * 10**6})
    return {Told(): "x" * 10**6}


@attack("harmless", "blocked")
def comparison_that_exits(t):
    class Odd:
        def __ne__(self, other):
            raise SystemExit(4)

    t.state.update(Odd())
    t.state.get()
    return 1


@attack("harmless", "stopped")
def sizes_that_are_only_said(t):
    """A range of a million million numbers, and an array of as many that are one."""
    import numpy as np

    t.state.update(range(10**18))
    return [range(10**18), np.broadcast_to(np.int8(1), (3,))]


@attack("stopped", takes_its_time=True)
def a_list_twice_in_itself_sixty_times(t):
    """Small in memory, and of 2 to the power of 60 parts for whoever writes it out."""
    doubled = [1]
    for _ in range(60):
        doubled = [doubled, doubled]
    return doubled


@attack("stopped", "blocked", "harmless")
def bytes_in_place_of_a_value(t):
    """The writer of frames would write these into the frame as they are."""
    import msgspec

    t.state.update(msgspec.Raw(b"\xdd\xff\xff\xff\xff"))
    return [msgspec.Raw(b"\xc1"), msgspec.msgpack.Ext(-1, b"\xff" * 12)]


@attack("harmless")
def name_of_a_class_that_answers_for_itself(t):
    class Lying(str):
        def __format__(self, how):
            raise SystemExit

        __str__ = __repr__ = __getitem__ = __len__ = encode = __format__

    def fails(self):
        return 1 / 0

    t.state.update(type(Lying("Named"), (), {"__repr__": fails})())
    return type(Lying("Named" * 10**6), (), {"isoformat": fails})()
