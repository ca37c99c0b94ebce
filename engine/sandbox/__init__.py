"""The border: whoever wrote the function, it runs in a process of its own, under limits, never in the server.

The server: runner, replay, verdict, settings, zygote_process. The process that makes workers: zygote_main, zygote, job,
warm, preload, time_zones, selftest, spares. The worker: worker, alarms, last_words, refusals; what it gives up: kernel,
identity, landlock, rlimits, seccomp (bpf, syscalls, libc). All: layers, levels, limits, channel, buffers. docs/sandbox.md.
"""

from engine.sandbox.layers import Hardening
from engine.sandbox.levels import Check, Level, SelfTest
from engine.sandbox.limits import Limits
from engine.sandbox.replay import Progress, Replay, ReplayCancelled
from engine.sandbox.runner import SandboxRunner
from engine.sandbox.settings import BadSetting, Settings, read_settings

__all__ = [
    "BadSetting",
    "Check",
    "Hardening",
    "Level",
    "Limits",
    "Progress",
    "Replay",
    "ReplayCancelled",
    "SandboxRunner",
    "SelfTest",
    "Settings",
    "read_settings",
]
