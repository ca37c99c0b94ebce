"""Timeouts that were lost, wait, or meet a function that does not expect them."""

import pytest

from engine.model.scenario import Watermark
from tests.diagnostics.found import found
from tests.helpers import MINUTE_MS, TUTORIAL, replayed

TEN = 1_704_103_200_000  # 2024-01-01 10:00 UTC
ONCE = """\
def updateState(key, values, state):
    if state.hasTimedOut:
        state.remove()
        return []
    if not state.exists:
        state.setTimeoutDuration("1 hour")
    state.update(1)
"""
BY_EVENT_TIME = """\
def updateState(key, values, state):
    if state.hasTimedOut:
        state.remove()
        return [(key,)]
    state.update(1)
    state.setTimeoutTimestamp(max(row.ts for row in values), "10 minutes")
"""
TWICE = ((TEN, "a"), (TEN + MINUTE_MS, "a"))
EVENT_TIME = {"timeout_conf": "EventTimeTimeout", "watermark": Watermark("ts", "5 minutes")}


def at(minutes, key="a"):
    """A batch of one row, whose event time and clock are so many minutes after ten."""
    return (TEN + minutes * MINUTE_MS, [{"k": key, "ts": TEN + minutes * MINUTE_MS}])


class TestLostTimeout:
    def test_it_fires_when_a_later_call_keeps_the_state_and_sets_none(self):
        finding = found(replayed(ONCE, (TEN, "a"), (TEN + MINUTE_MS, "a")))["lost-timeout"]
        assert (finding.count, finding.call_index, finding.line) == (1, 1, 7)
        assert "a timeout due at 11:00" in finding.why
        assert finding.code == 'state.setTimeoutDuration("1 hour")', "the function's own line"

    def test_a_line_that_is_more_than_a_call_is_not_repeated(self):
        code = ONCE.replace('state.setTimeoutDuration("1 hour")', 'x = state.setTimeoutDuration("1 hour")')
        finding = found(replayed(code, (TEN, "a"), (TEN + MINUTE_MS, "a")))["lost-timeout"]
        assert finding.code == 'state.setTimeoutDuration("10 minutes")'

    @pytest.mark.parametrize(
        ("code", "batches"),
        [
            (TUTORIAL, ((TEN, "a"), (TEN + MINUTE_MS, "a"))),
            (ONCE, ((TEN, "a"), (TEN + 2 * 60 * MINUTE_MS, ""))),
            (ONCE.replace("state.update(1)", "state.remove() if state.exists else state.update(1)"), TWICE),
        ],
        ids=["set in every call", "it fired", "the state went too"],
    )
    def test_it_does_not_fire_otherwise(self, code, batches):
        assert "lost-timeout" not in found(replayed(code, *batches))


class TestTimeoutsArePending:
    def test_it_says_what_the_first_waits_for_by_processing_time(self):
        finding = found(replayed(TUTORIAL, (TEN, "a"), (TEN + MINUTE_MS, "b c")))["timeouts-are-pending"]
        assert (finding.count, finding.call_index, finding.line) == (3, 0, 6)
        assert "a waits for the first trigger after 10:10, and 2 others like it" in finding.why
        assert finding.fix == "To see it, add a batch without rows after 10:10."

    def test_by_event_time_it_names_the_watermark_and_the_column(self):
        finding = found(replayed(BY_EVENT_TIME, at(0), **EVENT_TIME))["timeouts-are-pending"]
        assert "waits for the watermark to pass 10:10" in finding.why
        assert "add a row whose ts is more than 5 minutes after 10:10" in finding.fix

    @pytest.mark.parametrize(
        ("code", "batches"),
        [
            (TUTORIAL, ((TEN, "a"), (TEN + 20 * MINUTE_MS, ""))),
            ("def updateState(key, values, state): state.update(1)\n", ((TEN, "a"),)),
            (TUTORIAL.replace("return [(key", "return [(1 / 0"), ((TEN, "a"),)),
        ],
        ids=["it fired", "none was set", "the query failed"],
    )
    def test_it_does_not_fire_when_nothing_waits(self, code, batches):
        assert "timeouts-are-pending" not in found(replayed(code, *batches))


class TestTimeoutIsNotExpected:
    code = "def updateState(key, values, state):\n    state.update(len(list(values)))\n"
    code += '    state.setTimeoutDuration("1 minute")\n    return [(key, state.get())]\n'

    def test_it_fires_when_timeouts_fire_and_the_source_does_not_ask(self):
        finding = found(replayed(self.code, (TEN, "a"), (TEN + 5 * MINUTE_MS, "")))["timeout-is-not-expected"]
        assert (finding.count, finding.call_index) == (1, 1)
        assert finding.code.startswith("if state.hasTimedOut:")

    def test_the_word_in_a_comment_or_a_text_is_no_question(self):
        code = self.code + '    # state.hasTimedOut\n    """hasTimedOut"""\n'
        trace = replayed(code, (TEN, "a"), (TEN + 5 * MINUTE_MS, ""))
        assert "timeout-is-not-expected" in found(trace)

    @pytest.mark.parametrize("last", [(TEN + 5 * MINUTE_MS, "a"), (TEN + 30_000, "")], ids=["data came", "not due"])
    def test_it_does_not_fire_when_no_timeout_fires(self, last):
        assert "timeout-is-not-expected" not in found(replayed(self.code, (TEN, "a"), last))

    def test_it_does_not_fire_when_a_helper_asks(self):
        helper = "def over(s): return s.hasTimedOut\n"
        code = helper + self.code.replace("):\n", "):\n    if over(state): return []\n", 1)
        trace = replayed(code, (TEN, "a"), (TEN + 5 * MINUTE_MS, ""))
        assert "timeout-is-not-expected" not in found(trace)


class TestTimedOutBranchNeverRan:
    def test_it_fires_and_says_how_to_try_the_branch(self):
        finding = found(replayed(TUTORIAL, (TEN, "a"), (TEN + MINUTE_MS, "a")))["timed-out-branch-never-ran"]
        assert (finding.line, finding.call_index) == (2, 0)
        assert finding.fix == "To see it, add a batch without rows after 10:10."

    def test_it_says_when_no_timeout_is_ever_set(self):
        code = "def updateState(key, values, state):\n    if state.hasTimedOut: state.remove()\n    else: state.update(1)\n"
        finding = found(replayed(code, (TEN, "a")))["timed-out-branch-never-ran"]
        assert finding.why == "No call set a timeout, so none can fire."
        assert finding.code == 'state.setTimeoutDuration("10 minutes")'

    def test_by_event_time_the_line_to_add_does_not_count_from_a_watermark_of_0(self):
        code = BY_EVENT_TIME.replace('    state.setTimeoutTimestamp(max(row.ts for row in values), "10 minutes")\n', "")
        finding = found(replayed(code, at(0), **EVENT_TIME))["timed-out-branch-never-ran"]
        assert finding.code.startswith("state.setTimeoutTimestamp(max(event_time_ms, ")

    @pytest.mark.parametrize(
        ("code", "batches"),
        [
            (TUTORIAL, ((TEN, "a"), (TEN + 20 * MINUTE_MS, ""))),
            ("def updateState(key, values, state): state.update(1)\n", ((TEN, "a"),)),
        ],
        ids=["it ran", "there is none"],
    )
    def test_it_does_not_fire_otherwise(self, code, batches):
        assert "timed-out-branch-never-ran" not in found(replayed(code, *batches))
