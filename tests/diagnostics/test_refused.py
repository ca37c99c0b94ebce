"""What Spark refuses: each finding gives the line to write, and says nothing where Spark has nothing against it."""

import pytest

from engine.model.scenario import Watermark
from tests.diagnostics.found import found
from tests.helpers import replayed, replayed_in_pandas

TEN_MS = 1_704_103_200_000  # 2024-01-01 10:00 UTC
SECONDS = Watermark("ts", "1 second")
DURATION = 'def updateState(key, values, state):\n    state.update(1)\n    state.setTimeoutDuration("5 minutes")\n'
TIMESTAMP = "def updateState(key, values, state):\n    ts = next(values).ts_ms\n    state.setTimeoutTimestamp({})\n"


def in_event_time(time, *offsets_ms):
    """One batch for each event time, from ten o'clock on."""
    rows = ([{"k": "a", "ts": TEN_MS + ms, "ts_ms": TEN_MS + ms}] for ms in offsets_ms)
    batches = [(TEN_MS, row) for row in rows]
    fields = {"timeout_conf": "EventTimeTimeout", "watermark": SECONDS, "semantics": "spark", "key": "k"}
    return replayed(TIMESTAMP.format(time), *batches, **fields)


class TestWrongTimeoutSetter:
    def test_it_names_the_conf_that_is_there_and_the_setter_for_it(self):
        fields = {"timeout_conf": "EventTimeTimeout", "watermark": SECONDS, "key": "k"}
        finding = found(replayed(DURATION, (0, [{"k": "a", "ts": 5}]), **fields))["wrong-timeout-setter"]
        assert "needs ProcessingTimeTimeout, and the query has EventTimeTimeout" in finding.title
        assert (finding.line, finding.call_index) == (3, 0)
        assert finding.code.startswith("state.setTimeoutTimestamp(")

    def test_without_any_timeout_conf_it_asks_for_one(self):
        finding = found(replayed(DURATION, (0, "a"), timeout_conf="NoTimeout"))["wrong-timeout-setter"]
        assert (finding.fix, finding.code) == (
            "Give the query ProcessingTimeTimeout.",
            "GroupStateTimeout.ProcessingTimeTimeout",
        )

    def test_it_fires_too_where_the_function_swallows_the_error(self):
        code = "def fn(key, pdfs, state):\n    try:\n        state.setTimeoutTimestamp(5)\n    except Exception:\n"
        trace = replayed_in_pandas(f"{code}        pass\n    return []\n", (0, "a"))
        assert trace.error is None
        assert found(trace)["wrong-timeout-setter"].line == 3

    def test_it_does_not_fire_for_the_right_setter_nor_for_a_wrong_length(self):
        assert "wrong-timeout-setter" not in found(replayed(DURATION, (0, "a")))
        assert "wrong-timeout-setter" not in found(replayed(DURATION.replace('"5 minutes"', "-1"), (0, "a")))


class TestTimeoutBehindTheWatermark:
    def test_it_gives_the_functions_own_line_with_the_clamp(self):
        finding = found(in_event_time("ts + int(5e3)", 0, 60_000, 0))["timeout-behind-the-watermark"]
        assert finding.code == "state.setTimeoutTimestamp(max(ts + int(5e3), state.getCurrentWatermarkMs() + 1))"
        assert (finding.line, finding.call_index) == (3, 2)
        assert "asked for 1 Jan 2024 10:00:05" in finding.why or "asked for 10:00:05" in finding.why

    @pytest.mark.parametrize("time", ["max(ts, 1), '1 second'", "ts)  # (", "min(ts, max(ts, ts))"])
    def test_a_line_that_is_no_plain_expression_is_not_rewritten(self, time):
        finding = found(in_event_time(time, 0, 60_000, 0))["timeout-behind-the-watermark"]
        assert finding.code.startswith("state.setTimeoutTimestamp(max(")
        assert finding.code.endswith(", state.getCurrentWatermarkMs() + 1))")
        assert finding.code.count("(") == finding.code.count(")")

    def test_what_it_advises_keeps_the_query_alive(self):
        clamped = in_event_time("max(ts + 5000, state.getCurrentWatermarkMs() + 1)", 0, 60_000, 0)
        assert clamped.error is None
        assert "timeout-behind-the-watermark" not in found(clamped)

    def test_it_does_not_fire_for_a_time_that_is_refused_for_another_reason(self):
        negative = in_event_time("-5", 0)
        assert negative.error is not None
        assert "timeout-behind-the-watermark" not in found(negative)

    def test_it_does_not_fire_ahead_of_the_watermark(self):
        assert "timeout-behind-the-watermark" not in found(in_event_time("ts + 5000", 0, 60_000, 60_000))


class TestPropertyIsCalled:
    @pytest.mark.parametrize(
        ("line", "cure"),
        [
            ("n = state.get()", "n = state.get"),
            ("n = state.get()[0] if state.exists() else 0", "n = state.get[0] if state.exists else 0"),
            ("if state.hasTimedOut (): return []", "if state.hasTimedOut: return []"),
            ("o = state.getOption( )", "o = state.getOption"),
        ],
    )
    def test_it_gives_the_line_without_the_parentheses(self, line, cure):
        finding = found(replayed_in_pandas(f"def fn(key, pdfs, state):\n    {line}\n    return []\n", (0, "a")))[
            "property-is-called"
        ]
        assert (finding.line, finding.code) == (2, cure)

    def test_it_leads_to_the_call_that_failed_and_fires_before_one_does(self):
        asks = "def fn(key, pdfs, state):\n    if state.exists:\n        state.get()\n    state.update((1,))\n    return []\n"
        assert found(replayed_in_pandas(asks, (0, "a")))["property-is-called"].call_index is None
        assert found(replayed_in_pandas(asks, (0, "a"), (1, "a")))["property-is-called"].call_index == 1

    @pytest.mark.parametrize("line", ["n = state.get", "n = {}.get(1)", "# state.get()", "n = mine.state.get()"])
    def test_it_does_not_fire_for_what_only_looks_alike(self, line):
        code = f"def fn(key, pdfs, state):\n    if False:\n        {line}\n        pass\n    return []\n"
        assert "property-is-called" not in found(replayed_in_pandas(code, (0, "a")))

    def test_it_does_not_fire_where_they_are_methods(self):
        code = "def updateState(key, values, state):\n    state.update(state.get() if state.exists() else 1)\n"
        assert "property-is-called" not in found(replayed(code, (0, "a")))
