"""Our sentence beside Python's own text when the sandbox refused something: what is not available. Worker's side.

Python tells of most of what it asks the system for, before it asks (audit events). The last of it is remembered here.
It explains and holds nobody back: what is refused, the kernel refuses.
"""

import re
import sys
from functools import cache
from typing import Any, Final

import msgspec

from engine.model.trace import ErrorRecord

FILES: Final = "files are not available in the sandbox"
NETWORK: Final = "network access is not available in the sandbox"
PROCESSES: Final = "processes and threads are not available in the sandbox"
SIGNALS: Final = "other processes cannot be reached from the sandbox"
LIBRARIES: Final = (
    "the sandbox has the standard library, numpy and pandas; leave the import out where the function does not need it"
)
THIS: Final = "this is not available in the sandbox"

#: By the beginning of an audit event's name, what was asked for.
_ASKED: Final = (
    (("import",), THIS),
    (("socket.",), NETWORK),
    (("subprocess.", "os.fork", "os.exec", "os.posix_spawn", "os.system", "_thread.start", "pty."), PROCESSES),
    (("os.kill", "signal.pthread_kill"), SIGNALS),
    (("ctypes.dlopen",), "native libraries are not available in the sandbox"),
    (("open", "os.", "sqlite3.connect", "glob.", "shutil.", "tempfile."), FILES),
)
#: By what the text of an error says, whatever was asked for last.
_TOLD: Final = (
    (re.compile(r"can't start new thread"), PROCESSES),
    (re.compile(r"^No module named "), LIBRARIES),
    (re.compile(r"name resolution|Name or service not known"), NETWORK),
    (re.compile(r"unable to open database|disk I/O error|No usable temporary directory"), FILES),
    (re.compile(r"\[Errno (1|13|24)\] [^:]*: [\"'/]"), FILES),
)
_REFUSED: Final = re.compile(r"Operation not permitted|Permission denied|Too many open files|Function not implemented")

_last_asked = THIS


def listen() -> None:
    """Remember from now on what Python asks the system for; it cannot be undone."""
    sys.addaudithook(_remember)


def _remember(event: str, _arguments: Any) -> None:
    global _last_asked  # noqa: PLW0603 - one worker, one replay
    sentence = _asked_for(event)
    if sentence:
        _last_asked = sentence


@cache
def _asked_for(event: str) -> str:
    return next((sentence for beginnings, sentence in _ASKED if event.startswith(beginnings)), "")


def explained(error: ErrorRecord) -> ErrorRecord:
    """The error with our sentence as its advice, when it tells of a refusal and has no advice yet."""
    if error.advice:
        return error
    sentence = _sentence(error.message)
    return msgspec.structs.replace(error, advice=sentence) if sentence else error


def _sentence(message: str) -> str:
    for sign, sentence in _TOLD:
        if sign.search(message):
            return sentence
    return _last_asked if _REFUSED.search(message) else ""
