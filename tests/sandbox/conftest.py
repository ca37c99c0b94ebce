"""One warm runner for all tests of the sandbox: its workers are real processes."""

import pytest

from engine.sandbox import SandboxRunner


@pytest.fixture(scope="session")
def runner():
    with SandboxRunner(max_workers=2) as shared:
        yield shared


@pytest.fixture
def lone_runner():
    """A runner that only this test uses, with one worker at a time."""
    with SandboxRunner(max_workers=1) as own:
        yield own
