"""How well this computer holds a worker: the levels, what was tried to find out, and the sentence that says so.

A level is what was refused when it was tried (selftest.py); no feature is believed because it is listed.
"""

from typing import Final, Literal, get_args

import msgspec

from engine.sandbox.limits import Limits

#: `strong`: all is refused, and the worst of it twice, also with the filter of system calls taken away. `kernel`: all is
#: refused. `process`: only time is limited, the function runs with the rights of the server. `none`: not even that.
Level = Literal["none", "process", "kernel", "strong"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
_MIB: Final = 1024 * 1024


class Check(msgspec.Struct, frozen=True):
    """One thing that a worker tried: whether it was refused, and in which words."""

    name: str
    refused: bool
    detail: str = ""


class SelfTest(msgspec.Struct, frozen=True):
    """What a zygote found out about its workers before the first visitor came."""

    level: Level
    checks: tuple[Check, ...]
    sentence: str = ""

    @property
    def isolates(self) -> bool:
        """Whether a stranger's function may run here."""
        return reaches(self.level, "kernel")


def reaches(level: Level, least: Level) -> bool:
    return LEVELS.index(level) >= LEVELS.index(least)


def with_sentence(found: SelfTest, limits: Limits) -> SelfTest:
    """The result with the sentence that a visitor reads."""
    return msgspec.structs.replace(found, sentence=_sentence(found, limits))


def _sentence(found: SelfTest, limits: Limits) -> str:
    match found.level:
        case "strong" | "kernel":
            room = f"{limits.time_ms / 1000:g} s, {limits.memory_bytes // _MIB:,} MiB"
            return f"The function runs in an isolated process: no files, no network, {room}."
        case "process":
            return (
                "This computer cannot isolate code. The function would run with your own rights: your files, your "
                "network. Read it first."
            )
        case "none":
            failed = next((check for check in found.checks if not check.refused), Check("it gave no answer", False))
            reason = f"{failed.name}: {failed.detail}" if failed.detail else failed.name
            return f"The isolation test failed ({reason}). Running code is switched off."
