"""The trace as text: what a beginner reads from top to bottom."""

import msgspec

from engine.model.scenario import Watermark
from engine.model.trace import ErrorRecord
from engine.run_here import run_here
from engine.views.transcript import transcript
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_processor, scenario
from tests.views.processors import COUNTS


def told(trace) -> list[str]:
    return transcript(trace).splitlines()


def test_the_tutorial_reads_like_this():
    trace = replayed(TUTORIAL, (0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""), title="Word count")
    assert transcript(trace) == (
        "Word count\n"
        "\n"
        "batch 1 · start · 3 rows\n"
        '  updateState("hello", ["hello", "hello"], state)\n'
        "    line 5   update(2)\n"
        "    line 6   setTimeoutDuration 10 minutes, due +10 min\n"
        "    state    nothing → 2\n"
        "    output   key=hello, count=2\n"
        '  updateState("spark", ["spark"], state)\n'
        "    line 5   update(1)\n"
        "    line 6   setTimeoutDuration 10 minutes, due +10 min\n"
        "    state    nothing → 1\n"
        "    output   key=spark, count=1\n"
        "\n"
        "batch 2 · +1 min · 1 row\n"
        '  updateState("hello", ["hello"], state)\n'
        "    line 5   update(3)\n"
        "    line 6   setTimeoutDuration 10 minutes, due +11 min\n"
        "    state    2 → 3\n"
        "    output   key=hello, count=3\n"
        "\n"
        "batch 3 · +12 min · no new data\n"
        '  updateState("spark", [], state)\n'
        "    Its timeout was due at +10 min; the batch ran at +12 min.\n"
        "    state    1 → nothing\n"
        "    output   no rows\n"
        '  updateState("hello", [], state)\n'
        "    Its timeout was due at +11 min; the batch ran at +12 min.\n"
        "    state    3 → nothing\n"
        "    output   no rows\n"
        "\n"
        "The stream ended after 3 batches: 5 calls, 3 rows of output.\n"
    )


def test_an_error_is_told_at_its_call_and_at_the_end_with_its_line():
    code = "def updateState(key, values, state):\n    print('about to divide')\n    return 1 / (len(values) - 2)\n"
    lines = told(replayed(code, (0, "a a")))
    assert lines == [
        "batch 1 · start · 2 rows",
        "  The batch failed: nothing of it is kept.",
        '  updateState("a", ["a", "a"], state)',
        "    state    nothing (unchanged)",
        "    output   no rows",
        "    printed  about to divide",
        "    fails    ZeroDivisionError: division by zero",
        "",
        "The function failed on line 3, in batch 1, in the call for a: ZeroDivisionError: division by zero",
        "    3 | return 1 / (len(values) - 2)",
    ]


def test_a_call_that_never_came_back_is_told_at_the_end_and_not_at_the_call_before_it():
    trace = replayed("def updateState(key, values, state):\n    return [(key, 1)]\n", (0, "a"))
    error = ErrorRecord("SystemExit", "the process ended", batch_id=0, key=("b",), advice="Return no rows instead")
    lines = told(msgspec.structs.replace(trace, ending="worker_died", error=error))
    assert not any(line.startswith("    fails") for line in lines)
    assert lines[-2:] == [
        "The process of the replay died in batch 1, in the call for b: SystemExit: the process ended",
        "    Return no rows instead",
    ]


def test_code_that_cannot_be_loaded_is_told_without_a_batch():
    lines = told(replayed("def updateState(key, values, state)\n    return []\n", (0, "a")))
    assert lines == [
        "The function failed on line 1: SyntaxError: expected ':'",
        "    1 | def updateState(key, values, state)",
        "    Put a colon at the end of the line",
    ]


def test_what_still_waits_at_the_end_is_told():
    lines = told(replayed(TUTORIAL, (0, "hello spark"), (MINUTE_MS, "hello")))
    assert lines[-4:] == [
        "The stream ended after 2 batches: 3 calls, 3 rows of output.",
        "2 timeouts still wait:",
        "    spark waits for the first trigger after +10 min",
        "    hello waits for the first trigger after +11 min",
    ]


def test_a_timeout_that_is_lost_is_told():
    code = (
        "def updateState(key, values, state):\n"
        "    if not state.exists: state.setTimeoutDuration('5 minutes')\n"
        "    state.update(1)\n"
    )
    assert "    timeout  due +5 min → cancelled" in told(replayed(code, (0, "a"), (MINUTE_MS, "a")))


def test_late_rows_are_told_with_the_watermark():
    code = "def updateState(key, values, state):\n    state.update(1)\n"
    lines = told(
        replayed(
            code,
            (0, [{"word": "a", "ts": "2024-01-01 10:10:00"}]),
            (MINUTE_MS, ""),
            (2 * MINUTE_MS, [{"word": "a", "ts": "2024-01-01 10:05:00"}]),
            timeout_conf="EventTimeTimeout",
            input_schema="word string, ts timestamp",
            watermark=Watermark("ts", "0 seconds"),
        )
    )
    assert lines[0] == "batch 1 · start · 1 row · watermark not set yet (1970)"
    assert "    dropped  word=a, ts=1 Jan 2024 10:05 (too late)" in lines
    assert "batch 3 · +2 min · 1 row · watermark 1 Jan 2024 10:10" in lines


def test_a_trigger_that_ran_no_batch_says_why():
    code = "def updateState(key, values, state):\n    state.update(1)\n"
    lines = told(replayed(code, (0, "a"), (MINUTE_MS, ""), timeout_conf="NoTimeout"))
    place = lines.index("trigger 2 · +1 min: no batch ran")
    assert lines[place + 1] == "  No new data had arrived."
    assert lines[place + 2].startswith("  The query has no timeouts")


def test_what_users_write_cannot_forge_lines_or_hide():
    made = scenario(
        "def updateState(key, values, state):\n    print('one\\ntwo \\x1b[31m')\n", (0, [{"w": "a\nb\u202e"}])
    )
    text = transcript(run_here(made))
    assert '  updateState("a\\nb\\u202e", ["a\\nb\\u202e"], state)' in text
    assert "    printed  one\n             two \\x1b[31m\n" in text


def test_many_rows_and_operations_are_counted_not_listed():
    code = (
        "def updateState(key, values, state):\n"
        "    for value in range(100): state.update(value)\n"
        "    return [(key, value) for value in range(100)]\n"
    )
    lines = told(replayed(code, (0, "a")))
    assert "             … 88 more operations" in lines
    assert "             … 92 more rows" in lines
    assert len(lines) < 40


def test_a_processor_reads_with_its_timers_its_prints_and_what_the_end_of_a_batch_removed():
    lines = told(replayed_processor(COUNTS, (0, [{"k": "a", "v": 7}]), (5 * MINUTE_MS, "")))
    call = lines.index('  handleInputRows(("a",), iter([Row(k="a", v=7)]), timerValues)')
    end = lines.index("", call)
    assert "    timers   + +5 min, + +10 min" in lines[call:end]
    assert lines[call:end].count("    printed  made") == 2  # on the driver, and in the partition
    fired = lines[end:]
    assert "    timers   - +5 min, +10 min" in fired
    assert any(line.startswith("    removed  When the batch was over, Spark removed 1 value") for line in fired)


def test_many_pending_timeouts_are_cut_and_counted():
    lines = told(replayed(TUTORIAL, (0, " ".join(f"k{number}" for number in range(13)))))
    assert "13 timeouts still wait:" in lines
    assert lines[-1] == "    … 3 more"


def test_a_call_for_a_key_that_pandas_changed_says_whose_state_it_has():
    code = """
class P(StatefulProcessor):
    def init(self, handle):
        self.count = handle.getValueState("count", "n long")
    def handleInputRows(self, key, rows, timerValues):
        self.count.update((1,))
        yield pd.DataFrame({"info": ["x"]})
"""
    rows = [{"k": 3, "v": 1}, {"k": None, "v": 1}]
    lines = told(replayed_processor(code, (0, rows), api="transformWithStateInPandas", input_schema="k long, v long"))
    assert any("On its way through pandas the key" in line for line in lines)
