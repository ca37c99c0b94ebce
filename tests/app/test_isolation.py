"""The page says how well functions are isolated, and where they are not, runs none before somebody has agreed to it."""

import os
import subprocess
import sys

import pytest

from tests.app.page import opened, texts
from tests.source_tree import ROOT

ASKED = """\
import sys
from streamlit import config
from tests.app.page import opened, session_of, settled, texts
config.set_option("server.address", sys.argv[1] or None)
page = opened()
print(texts(page))
print("calls before:", session_of(page).trace is not None)
if [button for button in page.button if button.key == "consent"]:
    page = settled(page.button(key="consent").click().run())
    print("calls after:", len(session_of(page).trace.calls))
    page.session_state["gallery"] = True
    page = settled(page.run().button(key="sample_1").click().run())
    print("another one:", session_of(page).trace is not None)
"""


def where_nothing_isolates(address: str, **environment: str) -> str:
    """What a page at this address shows, and does after a click, in a container that lets no filter of system calls through."""
    command = [sys.executable, "-m", "tests.sandbox.container", "seccomp,prctl", sys.executable, "-c", ASKED, address]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_footer_names_the_level_and_what_it_means():
    assert "Isolation: " in texts(opened())
    assert "in an isolated process: no files, no network" in texts(opened())


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a filter of system calls")


@on_linux
@pytest.mark.slow
def test_on_ones_own_computer_it_runs_after_a_click_and_what_is_opened_then_needs_another():
    said = where_nothing_isolates("localhost")
    assert "The function would run with your own rights: your files, your network." in said
    assert "calls before: False" in said
    assert "calls after: 5" in said
    assert "another one: False" in said


@on_linux
@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "environment", "words"),
    [
        ("", {}, "streamlit run app.py --server.address localhost"),
        ("localhost", {"STATELINE_HOSTED": "1"}, "hosted for strangers, so nothing runs"),
    ],
)
def test_nobody_is_asked_where_others_can_reach_the_page(address, environment, words):
    said = where_nothing_isolates(address, **environment)
    assert words in said
    assert "calls after" not in said
