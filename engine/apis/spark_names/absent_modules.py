"""Modules that a pasted file imports and that are not here: its own, and packages. Lives here: what stands in for them.

Only what the file itself imports while it is loaded: the import goes well, and using what it brought in the function fails
with Python's own error. Under a `try` it fails at once: the file has an answer to that.
"""

import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from typing import Any, Final

from engine.apis.entry import USER_FILE
from engine.apis.spark_names.said import Absent, handover
from engine.apis.spark_names.stubs import Stub, absent

_IMPORTER: Final = "importlib._bootstrap"


@contextmanager
def absent_modules() -> Iterator[None]:
    """While it lasts, what no other finder finds is made up for the user's file; then all is as before."""
    finder = _Finder()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)


class _Finder:
    """Asked last of all; also the loader of what it finds."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """None for modules that others import, and once the file is loaded."""
        is_tried = fullname.partition(".")[0] in handover.tried_imports
        if not handover.is_loading or is_tried or _asking_frame() is None:
            return None
        return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]  # a loader is what has its methods

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        self.made.append(spec.name)
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


class _AbsentModule(types.ModuleType):
    """Whatever is asked of it stands for something absent."""

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__"):
            raise AttributeError(name)
        advice = f"{name} comes from there: put it, or a replacement for it, in place of the import"
        frame = _asking_frame()
        line = None if frame is None else frame.f_lineno
        message = f"No module named {self.__name__!r}"
        if (
            not handover.is_loading
        ):  # what is asked for now is used at once, maybe by a library that cannot say what is missing
            raise Absent(ModuleNotFoundError, message, advice, line).error()
        return absent(ModuleNotFoundError, message, advice, line)


def _asking_frame() -> types.FrameType | None:
    """The user's file, when the import that is going on stands there; None for one of a library's."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and (frame.f_code.co_filename == __file__ or _IMPORTER in frame.f_code.co_filename):
        frame = frame.f_back
    return frame if frame is not None and frame.f_code.co_filename == USER_FILE else None
