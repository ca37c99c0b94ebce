"""The page without a browser. Lives here: the only test code that knows how AppTest finds its way on the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from engine import Session

APP = Path(__file__).parents[2] / "app.py"


def opened(**query: str) -> AppTest:
    """The page as a visitor finds it, when its first replay is done."""
    page = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return settled(page.run())


def with_sample(index: int, page: AppTest | None = None) -> AppTest:
    """The page after a sample was chosen from the menu."""
    page = page or opened()
    page.session_state["gallery"] = True
    return settled(page.run().button(key=f"sample_{index}").click().run())


def settled(page: AppTest) -> AppTest:
    """The page when no replay runs any more."""
    running = page.session_state["visit"].running
    if running is not None:
        running.wait()
        page.run()
    assert not page.exception, page.exception
    return page


def control(page: AppTest, name: str) -> Any:
    """The control of this name, whichever of its widgets is on the page now (ui.controls)."""
    return page.get_by_key(page.session_state["visit"].controls.key(name))


def session_of(page: AppTest) -> Session:
    session: Session = page.session_state["visit"].session
    return session


def sent_to(page: AppTest, component: str) -> dict[str, Any]:
    """What the component with this key was given."""
    found = [block.proto for block in page.get("bidi_component") if block.proto.id.endswith(f"-{component}")]
    data: dict[str, Any] = json.loads(found[0].json)
    return data


def places(page: AppTest) -> dict[str, tuple[int, ...]]:
    """Where each part of the page that has a key stands: its index in each container around it."""
    return dict(_places(page.main, ()))


def _places(block: Any, at: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for index, part in block.children.items():
        here = (*at, index)
        if part.key:
            yield part.key, here
        yield from _places(part, here) if hasattr(part, "children") else ()


def drawn(page: AppTest) -> str:
    """The HTML of the page."""
    return "\n".join(element.proto.body for element in page.get("html"))


def texts(page: AppTest) -> str:
    """All that the page says in plain text, captions and code."""
    return "\n".join(element.value for kind in ("text", "caption", "code") for element in page.get(kind))
