"""The server goes and comes back while somebody is typing."""

from contextlib import ExitStack
from typing import Any

from tests.browser.conftest import free_port, opened, serving
from tests.browser.stateline import Stateline

GONE = (
    "ERR_CONNECTION_REFUSED",
    "server endpoint",
    "Is Streamlit still running?",
    "Streamlit server is not responding",
    "Cannot send rerun backMessage when disconnected",
)
IS_BACK = "[data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
TENFOLD = """
def updateState(key, values, state):
    state.update(sum(10 for _ in values) + (state.get() if state.exists else 0))
    return []
"""


def test_what_was_typed_before_is_replayed_with_what_is_typed_after(browser: Any) -> None:
    port = free_port()
    with ExitStack() as stack:
        with serving(port) as address:
            app = stack.enter_context(opened(browser, address, forgiven=GONE))
            app.open().stands_at("call 1 of 5")
            has_all_it_loads(app)
            app.function.fill(TENFOLD)
            app.inspector.get_by_text("It stores 20.").wait_for()
        with app.page.expect_websocket(timeout=60_000):
            stack.enter_context(serving(port))
        app.page.locator(IS_BACK).wait_for()
        app.events.fill("hello\n---\nhello\n--- +11 minutes")
        app.stands_at("call 1 of 2")
        app.inspector.get_by_text("It stores 10.").wait_for()


def test_what_is_typed_while_the_server_is_away_is_replayed_when_it_is_back(browser: Any) -> None:
    port = free_port()
    with ExitStack() as stack:
        with serving(port) as address:
            app = stack.enter_context(opened(browser, address, forgiven=GONE))
            app.open().stands_at("call 1 of 5")
            has_all_it_loads(app)
        close_what_streamlit_tells(app)
        app.function.fill(TENFOLD)
        app.events.fill("hello\n---\nhello\n--- +11 minutes")
        stack.enter_context(serving(port))
        app.stands_at("call 1 of 2")
        app.inspector.get_by_text("It stores 10.").wait_for()
        app.function.holds(TENFOLD)
        app.events.holds("hello\n---\nhello\n--- +11 minutes")


def has_all_it_loads(app: Stateline) -> None:
    """Wait for what the page fetches only when it draws it: without a server it would not come any more."""
    app.chart.wait_for()
    app.function.area.wait_for()
    app.events.area.wait_for()
    app.is_at_rest()


def close_what_streamlit_tells(app: Stateline) -> None:
    """A dialog about the connection comes once, and takes the keys as long as it is open."""
    app.page.get_by_role("dialog").filter(has_text="Connection error").wait_for()
    app.page.keyboard.press("Escape")
    app.page.get_by_role("dialog").wait_for(state="detached")
