"""Frames of the user's code as the interpreter tells of them. Lives here: which frames count, and how one is left."""

import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, Final

from engine.apis.user_code import USER_FILE
from engine.model.lines import LeftBy

#: They have frames of their own, or none, by the version of Python; a person sees one line in either case.
_PARTS_OF_A_LINE: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_APIS: Final = "engine.apis."
_LEAVES: Final[dict[str, LeftBy]] = {"RETURN_VALUE": "return", "RETURN_CONST": "return", "YIELD_VALUE": "yield"}


def is_function_of_the_user(frame: FrameType) -> bool:
    """Whether it is a function that the user wrote; a lambda counts when nothing of theirs is around it."""
    code = frame.f_code
    if code.co_filename != USER_FILE or code.co_name in _PARTS_OF_A_LINE:
        return False
    return code.co_name != "<lambda>" or users_frame_around(frame.f_back) is None


def users_frame_around(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of a function of the user's that runs here, or waits for what runs."""
    return next(_users_frames(frame), None)


def depth_of(frame: FrameType) -> int:
    """How many functions of the user's wait for this one."""
    return sum(1 for _ in _users_frames(frame.f_back))


def method_of_spark(frame: FrameType) -> str:
    """The name of the method of Spark's objects that a line of the user's calls here; "" when it is anything else."""
    code, caller = frame.f_code, frame.f_back
    is_method = str(frame.f_globals.get("__name__")).startswith(_APIS) and not code.co_name.startswith(("_", "<"))
    return code.co_name if is_method and caller is not None and caller.f_code.co_filename == USER_FILE else ""


def left_by(frame: FrameType) -> LeftBy:
    """How a frame is being left, on its "return" event: that also comes when an exception leaves it (then "")."""
    return _LEAVES.get(_operation_at(frame.f_code, frame.f_lasti), "")


def ends_a_loop(frame: FrameType, raised: BaseException) -> bool:
    """Whether the exception is only how an iterator tells `for` that it is at its end."""
    return isinstance(raised, StopIteration) and _operation_at(frame.f_code, frame.f_lasti) == "FOR_ITER"


def locals_of(frame: FrameType) -> dict[str, Any]:
    """The local variables, without those that Python makes for itself."""
    return {name: value for name, value in frame.f_locals.items() if not name.startswith(".")}


@lru_cache(maxsize=512)
def lines_of(code: CodeType) -> frozenset[int]:
    """The lines of a function that can run, without those of functions in it."""
    return frozenset(line for _, _, line in code.co_lines() if line)


def _users_frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        if frame.f_code.co_filename == USER_FILE and frame.f_code.co_name not in _PARTS_OF_A_LINE:
            yield frame
        frame = frame.f_back


@lru_cache(maxsize=4096)
def _operation_at(code: CodeType, offset: int) -> str:
    return dis.opname[code.co_code[offset]] if 0 <= offset < len(code.co_code) else ""
