"""What every test run shares: marks by folder, how many processes, and under CI nothing that was asked for is skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A test fails for what it finds, never because the machine was busy.
settings.register_profile("stateline", deadline=None)
settings.load_profile("stateline")

TESTS = Path(__file__).parent
# Folders whose tests need more than Python: the mark they get, and what to install.
NEEDS = {
    "browser": "Chromium (Debian: apt-get install chromium)",
    "spark": "real Spark: pip install -r requirements-spark.txt, and Java 17",
}


# Journeys in the browser that every run makes. The others take minutes together: they are slow, and CI makes them too.
IN_EVERY_RUN = ("test_the_first_page.py", "test_the_player.py", "test_the_picture.py", "test_editing.py")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One for each core (None) in the run of everything; for chosen files, or before one Spark, none beside this one."""
    return None if _runs_everything(config) and "not spark" in config.option.markexpr else 0


@pytest.hookimpl(tryfirst=True)  # before -m chooses by the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for folder in NEEDS:
            if TESTS / folder in item.path.parents:
                item.add_marker(folder)
        if TESTS / "browser" in item.path.parents and item.path.name not in IN_EVERY_RUN:
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under CI a test of these folders that is skipped has failed: CI installs what they need."""
    report = yield
    needs = next((NEEDS[mark.name] for mark in item.iter_markers() if mark.name in NEEDS), None)
    if report.skipped and needs and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, but under CI it must run. It needs {needs}. {report.longrepr[-1]}"
    return report


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if "not spark" in config.option.markexpr and _runs_everything(config):
        terminalreporter.write_line(f"Not in this run: pytest -m spark, which needs {NEEDS['spark']}")


def _runs_everything(config: pytest.Config) -> bool:
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS
