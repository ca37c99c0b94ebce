"""The only place where a user's code is compiled and run. Lives here: loading it, calling it, telling how it failed.

Never imported by the server process: it runs in the sandbox's child, and in tests.
"""

import __future__

import ast
import io
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from engine.apis import entry as entries
from engine.apis.missing_names import stand_ins, tried_imports
from engine.apis.spark_names.said import handover
from engine.model.call_limits import REFUSED_MEMORY, printed_too_much
from engine.model.source_lines import line_text
from engine.model.trace import Ending, ErrorRecord
from engine.model.user_objects import LimitReached, beginning, class_name

USER_FILE: Final = entries.USER_FILE
_MAX_TEXT: Final = 20_000
_OF_THE_COMPILER: Final = (SyntaxError, IndentationError, TabError)
_TRACEBACK_OF: Final = vars(BaseException)["__traceback__"].__get__


class UserCodeFailed(Exception):
    """The user's code cannot be loaded, or has no function to call: then it `finds_nothing`."""

    def __init__(self, error: ErrorRecord, ending: Ending = "user_error", finds_nothing: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.ending: Ending = ending
        self.finds_nothing = finds_nothing


class Prints(io.StringIO):
    """Standard output and error of the user's code: what one call printed is taken when it is over, and is shortened.

    A call that prints without end is stopped. Closing has no effect: the next call prints too.
    """

    #: What one call may print; a host may have set another limit.
    most_characters = 1_000_000

    def write(self, text: str) -> int:
        if self.tell() > self.most_characters:
            words = printed_too_much(self.most_characters)
            raise LimitReached("output_limit", words, "Print less, or look for a loop that never ends at this line")
        return super().write(text)

    def close(self) -> None:
        pass

    def take(self) -> str:
        """What was printed since the last time."""
        if not self.tell():
            return ""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text):,} characters in all)"


class UserCode(msgspec.Struct, frozen=True):
    """The loaded function (or StatefulProcessor) with its source, and what loading it printed."""

    function: Any
    name: str
    source: str
    prints: Prints
    printed_at_load: str


def load_code(source: str, find: Callable[[Mapping[str, Any]], Any], names: Mapping[str, Any]) -> UserCode:
    """Run the user's source once and find in its names what is to be called (`find`: see entry.py, processor_entry.py).

    `names` are there without an import. Raises UserCodeFailed with the class, message and line of what went wrong.
    """
    prints = Prints()
    sys.stdout = sys.stderr = prints
    namespace = _run(source, names)
    try:
        found = find(namespace)
    except entries.NotPlanned as unplanned:
        raise UserCodeFailed(error_record(unplanned.__cause__ or unplanned, source), "plan_error") from None
    except BaseException as error:  # a job's own main() may have run
        finds_nothing = isinstance(error, (entries.NoFunction, entries.WrongParameters))
        raise UserCodeFailed(error_record(error, source), ending_of(error), finds_nothing) from None
    handover.is_loading = False
    return UserCode(found, entries.name_of(found), source, prints, prints.take())


def _run(source: str, names: Mapping[str, Any]) -> dict[str, Any]:
    module = types.ModuleType(entries.USER_MODULE)
    sys.modules[entries.USER_MODULE] = module  # dataclasses and typing look their module up
    namespace = module.__dict__
    namespace.update(names)
    try:
        code = _compiled(source)
        namespace.update(stand_ins(source, namespace))
        handover.tried_imports = tried_imports(source)
        exec(code, namespace)  # noqa: S102 - this is the one place
    except BaseException as error:
        raise UserCodeFailed(error_record(error, source), ending_of(error)) from None
    return namespace


def _compiled(source: str) -> types.CodeType:
    """Annotations stay unevaluated: pasted functions name types that they did not import. Raises SyntaxError and its like."""
    try:
        flags = __future__.annotations.compiler_flag
        code: types.CodeType = compile(source, USER_FILE, "exec", flags=flags, dont_inherit=True)
    except MemoryError:  # this is how Python's parser says that it gives up
        raise SyntaxError("brackets or operators are nested too deeply") from None
    return code


def ending_of(error: BaseException) -> Ending:
    """How a trace ends that ends with this exception."""
    if issubclass(type(error), LimitReached):
        return error.ending  # type: ignore[attr-defined, no-any-return]
    return "memory_limit" if issubclass(type(error), MemoryError) else "user_error"


def error_record(error: BaseException, source: str) -> ErrorRecord:
    """The exception as data: class, message, and the line of the user's source where it left it.

    Only its text is asked of the exception itself: its class may be the user's, and may answer anything.
    """
    lines = user_lines(error)
    if not lines and type(error) in _OF_THE_COMPILER and error.filename == USER_FILE:  # type: ignore[attr-defined]
        return _syntax_record(error)  # type: ignore[arg-type]
    return ErrorRecord(
        error_class=_told(error, "spark_class", str) or class_name(error),
        message=_message(error),
        line=lines[-1][0] if lines else _told(error, "line", int),
        advice=_advice(error),
        traceback=_traceback_text(lines, source),
    )


def user_lines(error: BaseException) -> list[tuple[int, str]]:
    """Line and function name of each frame of the user's source, outermost first."""
    lines: list[tuple[int, str]] = []
    tb: types.TracebackType | None = _TRACEBACK_OF(error)
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == USER_FILE:
            lines.append((tb.tb_lineno or 0, tb.tb_frame.f_code.co_name))  # bytecode need not know its line
        tb = tb.tb_next
    return lines


def line_of(frame: types.FrameType | None) -> int:
    """The line of the user's source that runs in this frame, or that called it; 0 when none does."""
    while frame is not None:
        if frame.f_code.co_filename == USER_FILE:
            return frame.f_lineno
        frame = frame.f_back
    return 0


def _told(error: BaseException, name: str, kind: type) -> Any:
    """What one of our own errors says beside its text; None when there is nothing of this kind."""
    try:
        said = getattr(error, name, None)
    except LimitReached:
        raise
    except BaseException:  # the attribute is one of the user's own, and fails
        return None
    return said if type(said) is kind else None


def _message(error: BaseException) -> str:
    if issubclass(type(error), MemoryError):
        said = _text(error)
        return f"{REFUSED_MEMORY}: {said}" if said else REFUSED_MEMORY
    if type(error) is SystemExit and error.code is None:
        return ""
    return _text(error)


def _text(error: BaseException) -> str:
    try:
        return beginning(str(error), _MAX_TEXT)
    except LimitReached:
        raise
    except BaseException as broken:  # the user's own __str__ may fail, and the first failure is the one to tell
        return f"(its message cannot be read: {class_name(broken)})"


def _advice(error: BaseException) -> str:
    if issubclass(type(error), SystemExit):
        return "The function ended the program. Return no rows instead: return []"
    if issubclass(type(error), MemoryError):
        return "Keep less in memory: the limit is the runner's, and a Spark executor has one too"
    return _told(error, "advice", str) or ""


def _syntax_record(error: SyntaxError) -> ErrorRecord:
    """Python's own, of the source as a whole: no line of it has run."""
    text, offset = (error.text or "").rstrip("\n"), error.offset or 0
    place = f"line {error.lineno}"
    if text and offset:
        place = f"{place}\n{text}\n{' ' * (offset - 1)}^"
    return ErrorRecord(type(error).__name__, str(error.msg), line=error.lineno, traceback=place)


def _traceback_text(lines: list[tuple[int, str]], source: str) -> str:
    shown = lines if len(lines) <= 20 else [*lines[:10], *lines[-10:]]  # a recursion is told by its two ends
    return "\n".join(f"line {line}, in {name}: {line_text(source, line)}" for line, name in shown)


def returned_names(source: str, function_name: str) -> tuple[str, ...] | None:
    """The variable names in the first tuple that the function returns in a list, or yields: its output columns."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == function_name:
            rows = (_row_of(inner) for inner in ast.walk(node))
            return next((_names_of(row) for row in rows if row is not None), None)
    return None


def _row_of(node: ast.AST) -> ast.Tuple | None:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.List) and node.value.elts:
        first: ast.expr | None = node.value.elts[0]
    elif isinstance(node, ast.Yield):
        first = node.value
    else:
        return None
    return first if isinstance(first, ast.Tuple) else None


def _names_of(row: ast.Tuple) -> tuple[str, ...]:
    names: list[str] = []
    for position, cell in enumerate(row.elts, start=1):
        name = _name_of(cell) or f"_{position}"
        names.append(name if name not in names else f"{name}_{position}")
    return tuple(names)


def _name_of(cell: ast.expr) -> str | None:
    match cell:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return None
