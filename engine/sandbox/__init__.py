"""The border: whoever wrote the function, it runs in a process of its own, under limits, never in the server.

The server's side: runner, replay, verdict, zygote_process. The far side: zygote, job, worker, kernel, alarms, last_words.
Both: limits, channel, buffers.
"""

from engine.sandbox.layers import Hardening
from engine.sandbox.levels import Check, Level, SelfTest
from engine.sandbox.limits import Limits
from engine.sandbox.replay import Progress, Replay, ReplayCancelled
from engine.sandbox.runner import SandboxRunner
from engine.sandbox.settings import Settings, read_settings

__all__ = [
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
