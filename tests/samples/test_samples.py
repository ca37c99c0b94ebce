"""Every sample replays to its end, and shows what its title promises: one short story each."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.codec.scenario_json import scenario_from_json, scenario_to_json
from engine.model.scenario import Scenario
from engine.model.trace import BatchRan, Trace
from engine.views.lane_story import timeout_fates
from tests.helpers import TUTORIAL, trace_of, transcript

FILES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))


def sample(name: str) -> Scenario:
    (path,) = (path for path in FILES if path.stem == name)
    read = scenario_from_json(path.read_bytes())
    assert isinstance(read, Scenario), read
    return read


def replay_of(name: str) -> Trace:
    return trace_of(sample(name))


def late_rows(trace: Trace) -> list[dict]:
    return [
        trace.scenario.batches[batch.trigger].rows[row.row_index] for batch in trace.batches for row in batch.dropped
    ]


def outputs(trace: Trace) -> list[list[tuple]]:
    """The rows that each batch gave out, as tuples."""
    return [[tuple(row) for call in trace.calls_of(batch) for row in call.output] for batch in trace.batches]


def watermarks(batch: BatchRan) -> tuple[str, str]:
    """The watermark for late rows and the one for timeouts, as hours and minutes."""
    times = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (batch.late_watermark_ms, batch.watermark_ms))
    return tuple(f"{time:%H:%M}" for time in times)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_is_written_as_the_page_would_save_it(path):
    text = path.read_text()
    assert scenario_to_json(scenario_from_json(text)) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_replays_to_its_end_and_says_what_it_is_about(path):
    read = sample(path.stem)
    assert trace_of(read).ending == "completed"
    assert read.title
    assert read.about


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_function_is_as_wide_as_the_editor_at_most(path):
    assert [line for line in sample(path.stem).code.splitlines() if len(line) > 77] == []


def test_the_gallery_begins_with_the_tutorial_word_for_word():
    tutorial = sample("01-word-count")
    assert FILES[0].stem == "01-word-count"
    assert (tutorial.code, tutorial.semantics) == (TUTORIAL, "tutorial")
    assert transcript(trace_of(tutorial)) == [
        "batch 0: hello data(2) none -> 2 due 600000, out [('hello', 2)]",
        "batch 0: spark data(1) none -> 1 due 600000, out [('spark', 1)]",
        "batch 1: hello data(1) 2 due 600000 -> 3 due 660000, out [('hello', 3)]",
        "batch 2: spark timeout 1 due 600000 -> none",
        "batch 2: hello timeout 3 due 660000 -> none",
    ]


def test_remove_is_what_makes_spark_forget():
    forgetting = sample("02-forgetting")
    assert outputs(trace_of(forgetting))[-1] == [("hello", 1)]
    without = "\n".join(line for line in forgetting.code.splitlines() if "remove" not in line)
    assert outputs(trace_of(replace(forgetting, code=without)))[-1] == [("hello", 4)]


def test_a_visit_leaves_as_one_row_when_its_visitor_goes_quiet():
    assert outputs(replay_of("03-session")) == [
        [],
        [],
        [],
        [("anna", 3, 11.0)],
        [("ben", 2, 25.0)],
        [("anna", 1, 0.0)],
    ]


def test_one_late_ping_is_dropped_and_one_older_than_the_watermark_is_not():
    trace = replay_of("04-late-rows")
    assert late_rows(trace) == [{"bike": "green", "at": "2024-06-01T11:58:00"}]
    third = trace.batches[2]
    older_but_kept = next(call for call in trace.calls_of(third) if call.key == ("blue",))
    assert trace.rows_of(older_but_kept) == [{"bike": "blue", "at": "2024-06-01T11:55:00"}]
    assert watermarks(third) == ("11:51", "12:00")
    assert outputs(trace)[-1] == [("blue", "parked", 2)]


def test_the_silent_alarm_rings_for_one_pump_and_two_timeouts_are_lost():
    trace = replay_of("05-silent-alarm")
    assert [row for rows in outputs(trace) for row in rows] == [("pump-1", "silent for 5 minutes", 1)]
    assert {(fate.key, fate.fate) for fate in timeout_fates(trace)} == {
        (("pump-1",), "fired"),
        (("pump-2",), "cancelled"),
        (("pump-3",), "cancelled"),
    }


def test_the_day_of_departures_alerts_for_aircraft_gone_for_twelve_hours_and_only_once():
    trace = replay_of("06-departures")
    assert sum(batch.input_rows for batch in trace.batches) == 853
    alerts = [row for rows in outputs(trace) for row in rows]
    assert len(alerts) == 193
    assert ("N948DL", "2013-01-16T11:27:00", "MCO") in alerts
    assert max(Counter(tailnum for tailnum, *_ in alerts).values()) == 1
    assert all(departed < "2013-01-16T11:43" for _, departed, _ in alerts), "the watermark ends at 23:43"


def test_three_small_payments_and_a_large_one_alert_in_whatever_order_they_came():
    trace = replay_of("07-card-testing")
    assert [row for rows in outputs(trace) for row in rows] == [("4111", "2024-05-17T10:08:50", 899.0)]


def test_the_shop_nags_because_ten_minutes_were_written_in_seconds():
    nagging = sample("08-nagging-shop")
    assert sum(map(len, outputs(trace_of(nagging)))) == 3
    mended = replace(nagging, code=nagging.code.replace("10 * 60", "10 * 60 * 1000"))
    assert sum(map(len, outputs(trace_of(mended)))) == 0


def test_the_endless_alert_comes_in_every_batch_until_the_state_is_removed():
    endless = sample("09-endless-alert")
    alert = [("dock-b", "silent", 3)]
    assert outputs(trace_of(endless)) == [[], [], [], alert, alert, alert]
    mended = replace(endless, code=endless.code.replace("        return", "        state.remove()\n        return"))
    assert outputs(trace_of(mended)) == [[], [], [], alert, [], []]


SAME_TASK = ("10-same-task-update-state", "11-same-task-apply-in-pandas", "12-same-task-transform-with-state")


def test_three_apis_do_the_same_task_with_the_same_events_and_the_same_output():
    in_three = [outputs(replay_of(name)) for name in SAME_TASK]
    assert in_three[0] == in_three[1] == in_three[2]
    assert in_three[0][2:] == [[("spark", 2, False), ("hello", 3, True)], [], [("spark", 2, True)]]
    assert len({tuple(map(repr, sample(name).batches)) for name in SAME_TASK}) == 1


def test_a_silent_machine_is_reported_by_a_timer_that_sets_the_next_one():
    trace = replay_of("13-downtime")
    assert [row for batch in outputs(trace) for row in batch] == [
        ("press-2", "silent", 5),
        ("press-2", "silent", 10),
        ("press-2", "back", 12),
    ]
    fates = Counter(timer.fate for timer in timeout_fates(trace) if timer.key == ("press-2",))
    assert fates == {"fired": 2, "deleted": 2, "pending": 1}


def test_pages_of_a_visit_are_forgotten_one_by_one_without_a_call():
    trace = replay_of("14-session-ttl")
    ann = [row for batch in outputs(trace) for row in batch if row[0] == "ann"]
    assert ann[-3:] == [
        ("ann", 1, "home > shoes > shoes > basket"),
        ("ann", 1, "shoes > shoes > basket > pay"),
        ("ann", 2, "home"),
    ]
    assert {call.reason for call in trace.calls} == {"init", "data", "close"}
    assert [len(batch.removed) for batch in trace.batches][-1] == 2


def test_the_last_three_are_the_first_three_for_ever():
    trace = replay_of("15-last-three")
    door = [call.after for call in trace.calls if call.key == ("door",)]
    assert [[entry.value[0] for entry in state.entries] for state in door[1:]] == [[20.0, 21.0, 22.0]] * 3
    assert {row[2] for batch in outputs(trace) for row in batch if row[0] == "door"} == {1}
    mended = sample("15-last-three").code.replace("readings[:3]", "readings[-3:]")
    averages = outputs(trace_of(replace(sample("15-last-three"), code=mended)))
    assert [row[1] for batch in averages for row in batch if row[0] == "door"][-1] == pytest.approx(92 / 3)
