"""From what people type or upload to the rows and the clock of a scenario, and back.

Takes text and bytes, opens no file, and never raises for what it is given: what can not be read becomes a problem.
"""

from engine.events.text import EventText, Notation, read_text
from engine.events.to_text import write_text

__all__ = ["EventText", "Notation", "read_text", "write_text"]
