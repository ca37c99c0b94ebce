"""What a call of the user's function did, as seen from around it. Lives here: the record, and the notes that make it.

Used in the driver and in Spark's Python workers, so nothing of pyspark is imported. What Spark stored, dropped and put
out is not recorded here: that is read from Spark.
"""

import contextlib
import io
import itertools
import os
import struct
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.codec.plain import abbreviated, plain
from engine.model.state import NO_STATE, KeyState
from engine.model.trace import ErrorRecord, Reason

#: The column that carries a row's place in its trigger through Spark; the user's function never sees it.
ROW_INDEX: Final = "__stateline_row_index"
USER_FILE: Final = "your_function.py"
USER_MODULE: Final = USER_FILE.removesuffix(".py")
_LENGTH: Final = struct.Struct("<I")
_CALL_NUMBERS: Final = itertools.count()
#: What `CallRecord.next_of` gives after the last item.
END: Final = object()


def call_number() -> int:
    """A number that no other call has, whichever process makes it."""
    return (os.getpid() << 32) + next(_CALL_NUMBERS)


#: A key in plain data: its structs are dicts.
PlainKey = tuple[Any, ...]


class CallRecord(msgspec.Struct):
    """One call. `number` tells the records of one call apart from others: a later one replaces an earlier one.

    `row_indexes` are the rows of the trigger that it was given, by `chunks`; `output_rows` how many it gave back.
    `before` and `after` are noted only where the function's own handle shows the state as Spark has it.
    """

    number: int
    key: PlainKey | None
    partition: int
    reason: Reason
    row_indexes: list[int] = []
    chunks: list[int] = []
    operations: list[list[Any]] = []
    operation_lines: list[int] = []
    output_rows: int = 0
    printed: str = ""
    error: ErrorRecord | None = None
    before: KeyState = NO_STATE
    after: KeyState = NO_STATE
    timer_ms: int | None = None

    @contextlib.contextmanager
    def operation(self, name: str, *arguments: Any) -> Iterator[None]:
        """Note an operation on the state with its line; a failing one says what it raised."""
        noted: list[Any] = [name, [as_plain(argument) for argument in arguments]]
        self.operations.append(noted)
        self.operation_lines.append(line_of_user())
        try:
            yield
        except Exception as error:
            noted.append({"raises": {"class": class_of(error), "message": str(error)}})
            raise

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Around the user's own code: what it prints and raises is noted."""
        prints = io.StringIO()
        try:
            with contextlib.redirect_stdout(prints), contextlib.redirect_stderr(prints):
                yield
        except Exception as error:
            self.error = ErrorRecord(class_of(error), str(error), line=line_of_error(error))
            raise
        finally:
            self.printed += prints.getvalue()

    def next_of(self, items: Iterator[Any]) -> Any:
        """The next item that the user's code gives, which runs for it; END after the last."""
        with self.running():
            return next(items, END)


def class_of(error: BaseException) -> str:
    """The class as users search for it: Java's whole name, else Python's last one."""
    return str(getattr(error, "java_class", type(error).__name__))


def as_plain(value: Any) -> Any:
    """A copy of the value in plain data, shortened as in the replay's trace where it cannot be sent whole."""
    try:
        return msgspec.msgpack.decode(msgspec.msgpack.encode(value, enc_hook=plain))
    except (OverflowError, UnicodeEncodeError):  # a number of more than 64 bits, half a character
        return abbreviated(value)


def plain_key(values: Iterable[Any]) -> PlainKey:
    """A copy of the values of a key in plain data, structs as dicts whether Spark gave dicts or Rows."""
    return tuple(as_plain(as_dicts(value)) for value in values)


def as_dicts(value: Any) -> Any:
    """The value with a dict in the place of each Row, however deep: so the replay has the structs of keys and of frames."""
    if hasattr(value, "asDict"):
        return {name: as_dicts(part) for name, part in value.asDict().items()}
    if isinstance(value, dict):
        return {key: as_dicts(item) for key, item in value.items()}
    return [as_dicts(part) for part in value] if isinstance(value, list) else value


def line_of_user() -> int:
    """The line of the user's source that is running now; 0 when none is."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename.endswith(f"/{USER_FILE}"):
            return frame.f_lineno
        frame = frame.f_back
    return 0


def line_of_error(error: BaseException) -> int | None:
    """The last line of the user's source that the exception went through."""
    line, tb = None, error.__traceback__
    while tb is not None:
        if tb.tb_frame.f_code.co_filename.endswith(f"/{USER_FILE}"):
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


class RecordFile:
    """Records in a file that several processes append to, and that one reads after each trigger."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_to = 0

    def append(self, record: CallRecord) -> None:
        body = msgspec.msgpack.encode(record, enc_hook=plain)
        with self.path.open("ab", buffering=0) as file:
            file.write(_LENGTH.pack(len(body)) + body)

    def take(self) -> list[CallRecord]:
        """The calls recorded since the last time, in the order in which they began."""
        data = self.path.read_bytes() if self.path.exists() else b""
        records: dict[int, CallRecord] = {}
        while self._read_to < len(data):
            start = self._read_to + _LENGTH.size
            (length,) = _LENGTH.unpack_from(data, self._read_to)
            record = msgspec.msgpack.decode(data[start : start + length], type=CallRecord)
            records[record.number] = record
            self._read_to = start + length
        return list(records.values())
