"""What the browser's components share (component.js). Lives here: the source of one, and the numbers of its data."""

from pathlib import Path
from typing import Any, Final

from ui import store

_SHARED: Final = (Path(__file__).parent / "component.js").read_text(encoding="utf-8")


def script(path: Path) -> str:
    """The module at `path`, with what it shares with the others before it: `component` is there for it."""
    return f"{_SHARED}\n{path.read_text(encoding='utf-8')}"


def numbered(key: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data of the component `key` with `session` and `number`, which rises in a session with each change of them.

    Streamlit may bring older data after newer. Data that have not changed keep their number: they are not sent again.
    """
    number = store.kept(f"{key} number", data, store.next_number)
    return {**data, "session": store.session_id(), "number": number}
