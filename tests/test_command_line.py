"""`python -m engine`, as somebody at a terminal uses it: real processes, exit statuses, what stands where."""

import json
import subprocess
import sys
from typing import Any

import pytest

from engine.codec.scenario_json import scenario_to_json
from engine.codec.trace_json import trace_to_data
from engine.run_here import run_here
from engine.views.transcript import transcript
from tests.helpers import MINUTE_MS, TUTORIAL, scenario
from tests.source_tree import ROOT

WORDS = scenario(TUTORIAL, (0, "hello hello spark"), (12 * MINUTE_MS, ""), title="Wörter")
FAILING = scenario("def updateState(key, values, state):\n    return 1 / 0\n", (0, "a"))


def engine(*arguments: str, given: str | bytes = "", **options: Any) -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    command = [sys.executable, "-m", "engine", *arguments]
    return subprocess.run(command, input=data, cwd=ROOT, capture_output=True, check=False, **options)


def test_a_scenario_file_is_printed_as_a_transcript(tmp_path):
    file = tmp_path / "words.json"
    file.write_text(scenario_to_json(WORDS), encoding="utf-8")
    ran = engine("replay", str(file))
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode() == transcript(run_here(WORDS))


def test_a_byte_order_mark_before_a_scenario_is_no_harm():
    ran = engine("replay", "-", given=b"\xef\xbb\xbf" + scenario_to_json(WORDS).encode())
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.slow
def test_a_second_replay_tells_what_the_answer_hangs_on():
    counts = "calls = []\ndef updateState(key, values, state):\n    calls.append(key)\n    return [len(calls)]\n"
    ran = engine("replay", "-", "--twice", given=scenario_to_json(scenario(counts, (0, "a"), (1, "a"))))
    assert ran.returncode == 0
    assert ran.stderr.startswith(b"A second replay went differently (1 call). Call 2, for a: its output is [[2]]")
    same = engine("replay", "-", "--twice", given=scenario_to_json(WORDS))
    assert (same.returncode, same.stderr) == (0, b"A second replay went the same way.\n")


def test_a_scenario_from_standard_input_is_printed_as_one_json_object():
    ran = engine("replay", "-", "--json", given=scenario_to_json(WORDS))
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout) == json.loads(json.dumps(trace_to_data(run_here(WORDS))))


def test_a_failing_function_exits_with_1_and_the_trace_is_printed_all_the_same():
    ran = engine("replay", "-", "--json", given=scenario_to_json(FAILING))
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert json.loads(ran.stdout) == json.loads(json.dumps(trace_to_data(run_here(FAILING))))


def test_an_endless_loop_ends_when_its_seconds_are_over():
    endless = scenario("def updateState(key, values, state):\n    while True: pass\n", (0, "a"))
    ran = engine("replay", "-", "--seconds", "1", given=scenario_to_json(endless))
    assert ran.returncode == 1
    assert b"The replay was stopped: its time is up on line 2, in batch 1, in the call for a" in ran.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "file: this is not JSON"),
        ("{", "file: this is not JSON"),
        (b"\xff\xfe{", "file: this is not JSON"),
        (b'{"api": "\xff"}', "file: this is not JSON"),
        ("[" * 100_000, "file: "),
        ("[]", "file: "),
        ('{"api": "updateState", "code": "", "batches": [], "zoo": 1}', "file: there is no field 'zoo'"),
        ('{"api": "updateState", "code": ""}', "file: the field 'batches' is missing"),
    ],
    ids=["nothing", "cut off", "no UTF-8", "no UTF-8 inside", "nested", "a list", "a field", "no field"],
)
def test_what_is_no_scenario_exits_with_2_and_one_line_that_says_how_to_mend_it(text, told):
    ran = engine("replay", "-", given=text)
    assert (ran.returncode, ran.stdout) == (2, b"")
    (line,) = ran.stderr.decode().splitlines()
    assert line.startswith(told)
    assert line.count(". ") >= 1


@pytest.mark.parametrize("name", [".", "nowhere.json", "no\nwhere.json"])
def test_a_file_that_cannot_be_read_exits_with_2_and_one_line(tmp_path, name):
    ran = engine("replay", str(tmp_path / name))
    assert (ran.returncode, ran.stdout) == (2, b"")
    (line,) = ran.stderr.decode().splitlines()
    assert "it cannot be read" in line


def test_several_problems_are_one_line_each():
    made = scenario(TUTORIAL, (0, [{"n": "x"}]), input_schema="n long", shuffle_partitions=0)
    ran = engine("replay", "-", given=scenario_to_json(made))
    found = run_here(made)
    assert ran.returncode == 2
    assert ran.stderr.decode().splitlines() == [str(problem) for problem in found]


def test_output_that_nobody_reads_to_its_end_is_no_error():
    many = scenario(TUTORIAL, *((n * 1000, f"word{n}") for n in range(3_000)))
    command = [sys.executable, "-m", "engine", "replay", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as head:
        head.stdin.write(scenario_to_json(many).encode())
        head.stdin.close()
        assert head.stdout.readline().decode() == "batch 1 · start · 1 row\n"
        head.stdout.close()
        assert head.stderr.read() == b""
    assert head.returncode == 0


def test_a_terminal_that_knows_few_characters_gets_the_others_as_numbers():
    ran = engine("replay", "-", given=scenario_to_json(WORDS), env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert b"W\\xf6rter" in ran.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["replay", "--help"]])
def test_help_says_what_there_is(arguments):
    ran = engine(*arguments)
    assert ran.returncode == 0
    assert b"replay" in ran.stdout
    assert b"scenario" in ran.stdout


@pytest.mark.parametrize("arguments", [[], ["play"], ["replay"], ["replay", "-", "--seconds", "soon"]])
def test_arguments_that_make_no_command_exit_with_2_and_the_usage(arguments):
    ran = engine(*arguments)
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"usage: python -m engine")


def test_the_page_and_spark_are_not_loaded_for_it():
    code = "import sys, engine.__main__\nprint({'streamlit', 'altair', 'pyspark', 'pandas'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
