"""The border: whoever wrote the function, it runs in a process of its own, under limits, never in the server.

Server side: runner, zygote_process, verdict. Far side: zygote, worker, kernel. Both: limits, channel.
"""

from engine.sandbox.limits import Limits
from engine.sandbox.replay import Progress, Replay, ReplayCancelled
from engine.sandbox.runner import SandboxRunner

__all__ = ["Limits", "Progress", "Replay", "ReplayCancelled", "SandboxRunner"]
