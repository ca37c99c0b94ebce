"""What the host decides, read from the environment once. Lives here: every setting, its bounds, and what it is by default.

docs/deploying.md has the table. No scenario, link or visitor can change any of them.
"""

import os
import sys
from collections.abc import Mapping
from typing import Final

import msgspec

from engine.sandbox.limits import Limits

_MIB: Final = 1024 * 1024
#: For visitors who come by themselves: shorter, and small enough for a container.
_HOSTED_LIMITS: Final = Limits(time_ms=20_000, call_time_ms=2_000, memory_bytes=256 * _MIB, output_bytes=64 * _MIB)


#: More than cores: a replay that loops up to its time limit must not keep those waiting that need milliseconds. The system
#: shares the cores among all that run.
_REPLAYS_AT_ONCE: Final = 16


class BadSetting(ValueError):
    """A variable of the environment that says something else than it may."""


class Settings(msgspec.Struct, frozen=True):
    """`hosted`: strangers run their functions here, so nothing runs on a computer that cannot isolate them."""

    hosted: bool
    limits: Limits
    replays_at_once: int


class _Number(msgspec.Struct, frozen=True):
    """A setting that is a number: what it is called, and between what it has to be."""

    name: str
    least: float
    most: float


_SECONDS: Final = _Number("STATELINE_SECONDS", 0.1, 86_400)
_CALL_SECONDS: Final = _Number("STATELINE_CALL_SECONDS", 0.1, 86_400)
_MEMORY_MIB: Final = _Number("STATELINE_MEMORY_MB", 32, 1024 * 1024)
_OUTPUT_MIB: Final = _Number("STATELINE_OUTPUT_MB", 1, 4096)
_PRINTED: Final = _Number("STATELINE_PRINTED_CHARACTERS", 1_000, 100_000_000)
_AT_ONCE: Final = _Number("STATELINE_REPLAYS_AT_ONCE", 1, 1_000)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in these variables. Raises BadSetting, which names the variable and what it may be."""
    hosted = environment.get("STATELINE_HOSTED", "0")
    if hosted not in ("0", "1", ""):
        raise BadSetting(f"STATELINE_HOSTED is {hosted}: it must be 1 where strangers run their functions, else 0")
    usual = _HOSTED_LIMITS if hosted == "1" else Limits()
    return Settings(
        hosted == "1",
        Limits(
            time_ms=round(1000 * _read(environment, _SECONDS, usual.time_ms / 1000)),
            call_time_ms=round(1000 * _read(environment, _CALL_SECONDS, usual.call_time_ms / 1000)),
            memory_bytes=round(_MIB * _read(environment, _MEMORY_MIB, usual.memory_bytes / _MIB)),
            output_bytes=round(_MIB * _read(environment, _OUTPUT_MIB, usual.output_bytes / _MIB)),
            printed_characters=round(_read(environment, _PRINTED, usual.printed_characters)),
        ),
        round(_read(environment, _AT_ONCE, max(_REPLAYS_AT_ONCE, os.cpu_count() or 1))),
    )


def hide_memory() -> None:
    """For a hosted server: no other process of its user can look into it, or at its environment (Linux)."""
    if sys.platform == "linux":
        from engine.sandbox import libc  # noqa: PLC0415 - it loads the C library, which only Linux needs

        libc.prctl(libc.PR_SET_DUMPABLE, 0)


def _read(environment: Mapping[str, str], setting: _Number, usual: float) -> float:
    text = environment.get(setting.name, "")
    if not text:
        return usual
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not setting.least <= number <= setting.most:
        raise BadSetting(f"{setting.name} is {text}: it must be a number from {setting.least:,} to {setting.most:,}")
    return number
