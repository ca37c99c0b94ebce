"""The text editor in the browser (source/, bundled into built/). Lives here: what it is given, and what it says back.

The text belongs to the browser: it is sent there only when the server made another one, and comes back in letters. A
letter is sent again until `heard` says that it was, so each one is taken once.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from engine import debugger
from engine.debugger import Action, Breakpoint
from ui import store
from ui.components.editor.bundle import mount
from ui.components.editor.marks import EditorMarks, Mark, marks_of
from ui.components.mounted import numbered

__all__ = ["EditorMarks", "Mark", "editor", "marks_of"]


class _Letter(msgspec.Struct, frozen=True):
    """What the browser says: `text` and `breakpoints` when they changed, of the text `rev`; `run` asks for a replay."""

    number: int
    rev: int
    text: str | None = None
    breakpoints: tuple[Breakpoint, ...] | None = None
    run: bool = False


class _Heard(msgspec.Struct):
    """The number of the last letter, and the rev of the last text that came in one: the browser has that text."""

    number: int = 0
    rev: int | None = None


def editor(
    key: str,
    text: str,
    on_text: Callable[[str], Action],
    *,
    label: str,
    placeholder: str,
    language: Literal["python", "events"],
    marks: EditorMarks,
    offers: tuple[Any, ...] = (),
    height_px: int,
) -> None:
    """Mount an editor. It takes `text` only when the session's `text_rev` is new: nothing typed is ever overwritten.

    `on_text` makes the action from the text, which comes when typing pauses; breakpoints become `SetBreakpoints`.
    `offers` is what can be completed.
    """
    rev = store.get().text_rev
    heard = store.kept(f"{key} heard", store.session_id(), _Heard)
    data = {
        "key": key,
        "rev": rev,
        "heard": heard.number,
        "value": None if heard.rev == rev else text,
        "label": label,
        "placeholder": placeholder,
        "language": language,
        "marks": msgspec.to_builtins(marks),
        "offers": msgspec.to_builtins(offers),
        "height": height_px,
    }
    take = store.sends(lambda letter: _take(letter, heard, on_text), key, "letter")
    mount(key=key, data=numbered(key, data), on_letter_change=take)


def _take(sent: object, heard: _Heard, on_text: Callable[[str], Action]) -> None:
    """Do what a letter says, once. One about a text that was replaced meanwhile says nothing any more."""
    letter = msgspec.convert(sent, _Letter)
    if letter.number <= heard.number:
        return
    if letter.rev == store.get().text_rev:
        _obey(letter, on_text)
        heard.rev = letter.rev if letter.text is not None else heard.rev
    heard.number = letter.number


def _obey(letter: _Letter, on_text: Callable[[str], Action]) -> None:
    if letter.text is not None:
        store.dispatch(on_text(letter.text))
    if letter.breakpoints is not None:
        store.dispatch(debugger.SetBreakpoints(letter.breakpoints))
    if letter.run and store.progress() is None:
        session = store.get()
        if session.is_stale and not session.draft.events_problems:
            store.replay()
