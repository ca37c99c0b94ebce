"""A real browser before a real server: one server and one browser for all tests, a fresh page for each.

Whatever a test does, its page asked no outside host for anything and wrote no error to the console.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.stateline import PATIENCE_S, Stateline

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
IS_READY = "server started"


@contextmanager
def serving(port: int) -> Iterator[str]:
    """The app, served from this checkout; its address."""
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        assert any(IS_READY in line for line in process.stdout), "the server did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with serving(free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser window, of 1440 by 900, with one cache."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        pytest.skip("no Chromium; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched.new_context(viewport={"width": 1440, "height": 900})
        launched.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test leaves what the page looked like in tests/artefacts/."""
    report = yield
    app = getattr(item, "funcargs", {}).get("app")
    if report.when == "call" and report.failed and app is not None:
        app.page.screenshot(path=ROOT / "tests" / "artefacts" / f"{item.name}.png")
    return report


@pytest.fixture
def app(server: str, browser: Any) -> Iterator[Stateline]:
    with opened(browser, server) as page:
        yield page


@contextmanager
def opened(browser: Any, server: str, forgiven: tuple[str, ...] = ()) -> Iterator[Stateline]:
    """A page, not on its address yet; at the end it is asked what it did behind the test's back.

    Errors on the console are not forgiven, but for those that say something of `forgiven`.
    """
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    outside, errors = [], []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Stateline(page, server)
    page.close()
    assert not outside
    assert not [error for error in errors if not any(words in error for words in forgiven)]


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"
