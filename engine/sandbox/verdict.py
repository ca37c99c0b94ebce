"""Why a replay stopped that wrote no ending. Lives here: from what the zygote and the worker's last words say to an error.

The last words are the visitor's own claim, like all that a worker leaves: good enough to show, never to trust.
"""

import logging
import os
import re
import signal
from typing import Final

import msgspec

from engine.model.trace import Ending, ErrorRecord
from engine.model.visible import visible_lines
from engine.sandbox.channel import BROKEN, HARDENED, LIMIT_STATUSES, NOT_HARDENED, News
from engine.sandbox.limits import ENDINGS, Limit, Limits, limit_error, recording_error, refused_memory

_LOG: Final = logging.getLogger(__name__)
_LIMITS: Final = {status: limit for limit, status in LIMIT_STATUSES.items()}
_STACK: Final = re.compile(rb"most recent call first\):\n")
#: The user's source in a stack; its name is that of engine.apis.user_code, which the server must not import.
_USER_LINE: Final = re.compile(rb'File "<your function>", line (\d{1,9}) in')
#: What a stranger's process says goes into the host's log: so much of it, and with no character that hides others.
_LOGGED_CHARACTERS: Final = 4_000
_LOST: Final = ErrorRecord(
    "ProcessLookupError", "the process that replays was lost", advice="Replay again; a new process has been started"
)
#: By what the zygote says, why it made no worker.
_NOT_BEGUN: Final = {
    "refused": ErrorRecord(
        "SandboxError",
        "this computer cannot isolate code well enough, so nothing of the function was run",
        advice="python -m engine sandbox says what fails here, and docs/sandbox.md what to do",
    ),
    "crowded": ErrorRecord(
        "SandboxError", "too many replays are waiting, so this one was not begun", advice="Try again in a moment"
    ),
    "replaced": ErrorRecord(
        "SandboxError", "a newer replay took the place of this one, which had not begun", advice="Look at the newer one"
    ),
}


def verdict(news: News | None, last_words: bytes, limits: Limits) -> tuple[Ending, ErrorRecord]:
    """How the trace ends, and the error that says so. Without news the zygote itself died."""
    if news is None:
        return "worker_died", _LOST
    if news.event in _NOT_BEGUN:
        return "worker_died", _NOT_BEGUN[news.event]
    was_hardened, last_words = last_words.startswith(HARDENED), last_words.removeprefix(HARDENED)
    limit = _limit(news)
    line = _line(last_words)
    if limit is None:
        return "worker_died", msgspec.structs.replace(_death(news.number, last_words, was_hardened), line=line)
    if news.event == "stuck" and line is None and _STACK.search(last_words):
        return ENDINGS[limit], recording_error(limits)
    error = msgspec.structs.replace(limit_error(limit, limits), line=line)
    if limit == "memory" and limit not in news.seen:
        error = msgspec.structs.replace(error, message=refused_memory(limits))
    return ENDINGS[limit], error


def _limit(news: News) -> Limit | None:
    """The limit that ended the worker, from inside or from outside.

    Memory that is refused leaves no sign outside; any other limit that was not seen is no limit, but a way to exit.
    """
    if news.event != "ended":
        return "call_time" if news.event == "stuck" else "replay_time"
    if os.WIFSIGNALED(news.number):
        told: Limit | None = "replay_time" if os.WTERMSIG(news.number) == signal.SIGXCPU else None
    else:
        told = _LIMITS.get(os.WEXITSTATUS(news.number))
    return told if told == "memory" or told in news.seen else None


def _death(status: int, last_words: bytes, was_hardened: bool) -> ErrorRecord:
    if os.WIFSIGNALED(status):
        return _killed(os.WTERMSIG(status))
    if os.WEXITSTATUS(status) == BROKEN:
        return _broken(last_words)
    if os.WEXITSTATUS(status) == NOT_HARDENED and not was_hardened:
        return _not_hardened(last_words)
    return _exited(os.WEXITSTATUS(status))


def _line(last_words: bytes) -> int | None:
    """The user's line in the last stack that has one; in a stack the innermost line comes first."""
    for stack in reversed(_STACK.split(last_words)):
        found = _USER_LINE.search(stack)
        if found:
            return int(found.group(1))
    return None


def _killed(by: int) -> ErrorRecord:
    if by == signal.SIGKILL:
        message = "the process of the replay was killed, probably because the system ran out of memory"
        return ErrorRecord("ChildProcessError", message, advice="Keep less in memory, or replay fewer events")
    message = f"the process of the replay crashed with {_name_of(by)}"
    return ErrorRecord("ChildProcessError", message, advice="Look at this call: it broke Python itself")


def _name_of(number: int) -> str:
    """The signal as its manual calls it; most of those for real time have a number only."""
    if number in {known.value for known in signal.Signals}:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    return f"signal {number}"


def _exited(status: int) -> ErrorRecord:
    message = f"the function ended the process of the replay with exit status {status}"
    return ErrorRecord("SystemExit", message, advice="Return no rows instead: return []")


def _not_hardened(last_words: bytes) -> ErrorRecord:
    """The worker could not give up all that it must; the log has the reason."""
    reason = visible_lines(last_words.decode(errors="replace").strip())[:_LOGGED_CHARACTERS]
    _LOG.error("a worker could not be hardened: %s", reason)
    message = f"the sandbox could not be closed, so nothing of the function was run: {reason or 'it could not say why'}"
    return ErrorRecord("SandboxError", message, advice="Look at python -m engine sandbox, which says what fails here")


def _broken(last_words: bytes) -> ErrorRecord:
    """Our own fault, or the function changed Python itself under us; the log has it whole."""
    text = visible_lines(last_words.decode(errors="replace")[-_LOGGED_CHARACTERS:])
    _LOG.error("a replay broke:\n%s", text)
    last_line = text.strip().rsplit("\n", 1)[-1]
    message = f"the replay itself failed: {last_line or 'it could not say why'}"
    return ErrorRecord(
        "RuntimeError", message, advice="If the function changes nothing of Python's own, please report it"
    )
