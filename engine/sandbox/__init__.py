"""The border: whoever wrote the function, it runs in a process of its own, under limits, never in the server.

The server's side: runner, replay, verdict, zygote_process. The far side: zygote, job, worker, kernel, alarms, last_words.
Both: limits, channel, buffers.
"""

from engine.sandbox.layers import Hardening
from engine.sandbox.limits import Limits
from engine.sandbox.replay import Progress, Replay, ReplayCancelled
from engine.sandbox.runner import SandboxRunner

__all__ = ["Hardening", "Limits", "Progress", "Replay", "ReplayCancelled", "SandboxRunner"]
