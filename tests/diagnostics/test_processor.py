"""What is found in a StatefulProcessor: where it must be, and as close as possible where it must not."""

import pytest

from engine.diagnostics import cures
from engine.diagnostics.finding import Case
from engine.diagnostics.source import HANDLER, Source
from engine.model.trace import Trace
from tests.diagnostics.found import found
from tests.helpers import MINUTE_MS, replayed_in_pandas, replayed_processor

PROCESSOR = """\
class P(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.count = handle.getValueState("count", "n long")
        self.calls = 0

    def handleInputRows(self, key, rows, timerValues):
        now_ms = timerValues.getCurrentProcessingTimeInMs()
        {body}
        self.count.update((1,))
        return iter([])

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.count.clear()
        return iter([])
"""
BATCHES = ((MINUTE_MS, "ab"), (2 * MINUTE_MS, "a"), (30 * MINUTE_MS, ""))


def replayed(body: str) -> Trace:
    return replayed_processor(PROCESSOR.format(body=body), *BATCHES)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("self.calls += 1", 9),
        ("self.seen = {}\n        self.seen[key] = now_ms", 10),
        ("before = self.calls\n        self.calls = before + 1", 10),
    ],
)
def test_an_attribute_that_a_handler_goes_on_from_is_gone_in_the_next_batch(body, line):
    assert found(replayed(body))["attribute-is-forgotten"].line == line


@pytest.mark.parametrize("body", ["self.now_ms = now_ms", "calls = self.calls + 1", "self.count.exists()"])
def test_an_attribute_that_is_set_anew_or_only_read_is_nothing_to_tell(body):
    assert "attribute-is-forgotten" not in found(replayed(body))


def test_a_timer_for_a_time_that_has_come_is_told_and_one_for_later_is_not():
    finding = found(replayed("self.handle.registerTimer(now_ms)"))["timer-is-due-when-set"]
    assert (finding.count, finding.line) == (3, 9)
    assert finding.code == "self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 600_000)"
    assert "timer-is-due-when-set" not in found(replayed("self.handle.registerTimer(now_ms + 1)"))


def test_a_handler_that_spark_could_not_call_is_told_at_its_line():
    code = PROCESSOR.format(body="self.handle.registerTimer(now_ms)")
    finding = found(replayed_processor(code.replace("expiredTimerInfo", "timer"), *BATCHES))["handler-has-other-names"]
    assert (finding.count, finding.line) == (3, 13)
    assert "handler-has-other-names" not in found(replayed_processor(code, *BATCHES))


def test_only_keys_that_pandas_changed_are_told_of():
    code = PROCESSOR.format(body="pass").replace("return iter([])", "yield pd.DataFrame()")
    fields = {"api": "transformWithStateInPandas", "input_schema": "k long", "state_schema": None}
    fields["time_mode"] = "ProcessingTime"
    mixed = replayed_in_pandas(code, (0, [{"k": 3}, {"k": None}]), **fields)
    assert found(mixed)["null-key-changes-keys"].count == 1
    alone = replayed_in_pandas(code, (0, [{"k": 3}]), (MINUTE_MS, [{"k": None}]), **fields)
    assert "null-key-changes-keys" not in found(alone)


def test_timers_are_not_lost_and_a_timer_that_fired_keeps_no_state_by_itself():
    moved = "[self.handle.deleteTimer(t) for t in list(self.handle.listTimers())]\n        pass"
    kinds = found(replayed(f"{moved}\n        self.handle.registerTimer(now_ms + 600_000)"))
    assert not {"lost-timeout", "timed-out-state-is-kept", "timeout-without-a-value"} & set(kinds)


def test_a_handler_for_timers_that_never_ran_is_told():
    finding = found(replayed("pass"))["timed-out-branch-never-ran"]
    assert finding.title == "handleExpiredTimer never ran"
    assert finding.why == "No call set a timer, so none can fire."


def test_lines_to_add_are_those_of_a_processor():
    trace = replayed("pass")
    case = Case(trace, Source(trace.scenario.code, HANDLER))
    assert cures.update(case) == "self.count.update((value,))"
    assert cures.now_ms(case) == "now_ms = timerValues.getCurrentProcessingTimeInMs()"
    assert cures.remove_when_timed_out(case).endswith("self.count.clear()")
    assert cures.return_rows(case) == "yield Row(key=key[0], value=value)"
