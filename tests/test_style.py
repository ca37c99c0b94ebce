"""The code as ruff and mypy want it, so that a test run says so before a reviewer does."""

import subprocess
import sys

import pytest

from tests.source_tree import ROOT


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff check", "ruff format", "mypy strict"],
)
def test_the_code_is_clean_by(command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
