"""Links: a scenario and a step as a short text, and back. What comes from a link is checked, never trusted."""

from engine.share.link import MAX_CHARACTERS, SharedView, share_decode, share_encode

__all__ = ["MAX_CHARACTERS", "SharedView", "share_decode", "share_encode"]
