"""The level of this computer is what was refused when it was tried: here, without a layer, in a container, as nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.codec.scenario_json import scenario_to_json
from engine.sandbox import Check, Hardening, Limits, SandboxRunner, SelfTest, Settings
from engine.sandbox.levels import with_sentence
from tests.helpers import scenario
from tests.source_tree import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")

MIB = 1024 * 1024
PRINTING = scenario("print('it ran')\ndef updateState(key, values, state):\n    return [(key, 1)]\n", (0, "a"))
NOT_ISOLATED = "this computer cannot isolate code well enough, so nothing of the function was run"


def command(
    *arguments: str, missing: str = "", given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m engine …`, in a container where these are missing."""
    engine = [sys.executable, "-m", "engine", *arguments]
    container = [sys.executable, "-m", "tests.sandbox.container", missing, *engine] if missing else engine
    environment = {**os.environ, **environment}
    return subprocess.run(
        container, input=given, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )


def test_here_everything_is_refused(runner):
    found = runner.self_test()
    assert [check for check in found.checks if not check.refused] == []
    assert len(found.checks) > 20
    assert found.isolates
    assert found.sentence.startswith("The function runs in an isolated process: no files, no network, ")
    assert runner.self_test_so_far() == found


def test_with_a_layer_off_the_self_test_tells_what_is_open():
    with SandboxRunner(max_workers=1, hardening=Hardening(seccomp=False)) as open_runner:
        found = open_runner.self_test()
    allowed = {check.name for check in found.checks if not check.refused}
    assert {"delete a file", "change the directory", "make executable memory"} <= allowed
    assert found.level == "process"
    assert found.sentence.startswith("This computer cannot isolate code.")


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param("landlock,unshare", marks=pytest.mark.slow),
        pytest.param("seccomp", marks=pytest.mark.slow),
        "landlock,unshare,seccomp",
    ],
)
def test_a_container_without_second_layers_isolates_too(missing):
    tested = command("sandbox", missing=missing)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert tested.stdout.startswith(("strong: ", "kernel: "))
    assert "FAILED" not in tested.stdout


@pytest.mark.slow
def test_where_no_filter_can_be_put_on_nothing_runs_without_consent():
    missing, given = "seccomp,prctl", scenario_to_json(PRINTING)
    refused = command("replay", "-", "--json", missing=missing, given=given)
    assert (refused.returncode, json.loads(refused.stdout)["error"]["message"]) == (1, NOT_ISOLATED)
    assert "it ran" not in refused.stdout
    agreed = command("replay", "-", "--json", "--consent", missing=missing, given=given)
    assert agreed.returncode == 0
    assert "it ran" in agreed.stdout
    hosted = command("replay", "-", "--json", "--consent", missing=missing, given=given, STATELINE_HOSTED="1")
    assert (hosted.returncode, json.loads(hosted.stdout)["error"]["message"]) == (1, NOT_ISOLATED)


def interpreter_of_nobody() -> str | None:
    """A Python of our version that nobody may run: a virtual environment in somebody's home is closed to him."""
    version = "import sys; print(sys.version_info[:2])"
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            ran = subprocess.run([candidate, "-c", version], capture_output=True, text=True, check=True, **NOBODY)
        except (OSError, subprocess.CalledProcessError):
            continue
        if ran.stdout.strip() == str(sys.version_info[:2]):
            return candidate
    return None


NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become nobody to try it")
def test_an_ordinary_user_isolates_as_well_as_root():
    python = interpreter_of_nobody()
    if python is None or not os.access(ROOT, os.R_OK | os.X_OK):
        pytest.skip("nobody may run no Python here")
    libraries = next(path for path in sys.path if Path(path, "msgspec").is_dir())
    tested = subprocess.run(
        [python, "-B", "-m", "engine", "sandbox"],
        cwd=ROOT,
        env={"PYTHONPATH": libraries},
        capture_output=True,
        text=True,
        check=False,
        **NOBODY,
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "FAILED" not in tested.stdout


def test_a_hosted_server_cannot_be_looked_into():
    server = (
        "import ctypes\nfrom engine.sandbox import SandboxRunner, read_settings\n"
        "SandboxRunner(settings=read_settings({'STATELINE_HOSTED': '1'}))\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # asks whether it may be looked into
    )
    ran = subprocess.run([sys.executable, "-c", server], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "0\n"


@pytest.mark.parametrize(
    ("level", "checks", "sentence"),
    [
        ("kernel", (), "The function runs in an isolated process: no files, no network, 2 s, 256 MiB."),
        ("none", (Check("read a file", True), Check("loop for ever", False, "it ran on")), "The isolation test failed "
         "(loop for ever: it ran on). Running code is switched off."),
        ("none", (), "The isolation test failed (it gave no answer). Running code is switched off."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_a_visitor_has_to_know(level, checks, sentence):
    limits = Limits(time_ms=2_000, memory_bytes=256 * MIB)
    assert with_sentence(SelfTest(level, checks), limits).sentence == sentence


def test_a_zygote_that_does_not_start_is_the_lowest_level(monkeypatch):
    monkeypatch.setattr("engine.sandbox.zygote_process._BOOT", "raise SystemExit('as if pandas were missing')")
    with SandboxRunner(max_workers=1, settings=Settings(False, Limits(), 1)) as broken:
        found = broken.self_test()
        assert (found.level, found.isolates) == ("none", False)
        assert broken.run(PRINTING).ending == "worker_died"
