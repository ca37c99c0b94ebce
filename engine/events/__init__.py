"""From what people type or upload to the rows and the clock of a scenario, and back.

Takes text and bytes, opens no file, and never raises for what it is given: what cannot be read becomes a problem.
"""

from engine.events.batching import Batching, ByColumn, ByRows, ByTime, Choices, Stream, to_batches
from engine.events.day_and_time import with_day_and_time
from engine.events.guess import guess, time_columns
from engine.events.local_forms import Answer, Form, LocalForms, Question, questions, read_local
from engine.events.nested import likely_opened, openable, opened
from engine.events.notes import notes_on
from engine.events.table import Table
from engine.events.text import EventText, Notation, read_text
from engine.events.to_text import write_text
from engine.events.upload import read_upload

__all__ = [
    "Answer",
    "Batching",
    "ByColumn",
    "ByRows",
    "ByTime",
    "Choices",
    "EventText",
    "Form",
    "LocalForms",
    "Notation",
    "Question",
    "Stream",
    "Table",
    "guess",
    "likely_opened",
    "notes_on",
    "openable",
    "opened",
    "questions",
    "read_local",
    "read_text",
    "read_upload",
    "time_columns",
    "to_batches",
    "with_day_and_time",
    "write_text",
]
