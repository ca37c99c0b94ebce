"""The border: whoever wrote the function, it runs in a process of its own, under limits, never in the server.

The server's side: runner, replay, verdict, settings, zygote_process. The process that makes workers: zygote_main, zygote,
job, preload, selftest. The worker: worker, alarms, last_words, refusals, and what it gives up in kernel, identity,
landlock, rlimits, seccomp (with bpf, syscalls, libc). Both: layers, levels, limits, channel, buffers. See docs/sandbox.md.
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
