"""The query around the function: every control changes the replay."""

from engine import share_encode
from tests.app.page import control, opened, session_of, settled, texts, with_sample
from tests.helpers import TUTORIAL, scenario


def test_without_timeouts_the_function_of_the_tutorial_fails_and_says_why() -> None:
    page = opened()
    settled(control(page, "timeout_conf").set_value("NoTimeout").run())
    assert session_of(page).failure.ending == "user_error"
    assert "Line 6 failed in call 1" in texts(page)


def test_an_event_time_that_is_no_time_is_told_beside_the_control() -> None:
    page = opened()
    settled(control(page, "event_time").set_value("word").run())
    assert session_of(page).draft.scenario.watermark.delay == "10 seconds"
    assert "'hello' is not a timestamp" in texts(page)
    settled(control(page, "event_time").set_value("none").run())
    assert session_of(page).draft.scenario.watermark is None
    assert not session_of(page).is_stale


def test_a_delay_that_spark_cannot_read_fails_with_its_own_words() -> None:
    page = with_sample(3)
    settled(control(page, "delay").set_value("soon").run())
    assert "CANNOT_PARSE_INTERVAL" in texts(page)
    settled(control(page, "delay").set_value("1 hour").run())
    assert session_of(page).trace.scenario.watermark.delay == "1 hour"


def test_the_key_may_have_several_columns_or_be_left_to_the_first() -> None:
    page = opened()
    settled(control(page, "key").set_value([]).run())
    assert session_of(page).draft.scenario.key is None
    assert control(page, "key").value == ["word"]


def test_a_field_of_a_struct_is_typed_as_a_key() -> None:
    rows = [{"user": {"id": 7}, "n": 1}, {"user": {"id": 8}, "n": 1}]
    page = opened(s=share_encode(scenario(TUTORIAL, (0, rows), key="n"), 0))
    settled(control(page, "key").set_value(["user.id"]).run())
    assert [call.key for call in session_of(page).trace.calls] == [(7,), (8,)]
    settled(control(page, "key").set_value(["user.name"]).run())
    assert "No such struct field `name` in `id`" in texts(page)


def test_the_output_mode_is_part_of_the_query() -> None:
    page = opened()
    settled(control(page, "output_mode").set_value("append").run())
    assert session_of(page).trace.scenario.output_mode == "append"


def test_the_keys_are_spread_over_as_many_partitions_as_are_asked_for() -> None:
    page = opened()
    settled(control(page, "shuffle_partitions").set_value(5).run())
    trace = session_of(page).trace
    assert trace.scenario.shuffle_partitions == 5
    assert len({call.partition for call in trace.calls}) == 2


def test_a_setting_of_the_session_is_followed() -> None:
    page = opened()
    assert len(session_of(page).trace.batches) == 3
    settled(control(page, "conf").set_value("spark.sql.streaming.noDataMicroBatches.enabled false\n").run())
    assert len(session_of(page).trace.batches) == 2
    assert control(page, "conf").value == "spark.sql.streaming.noDataMicroBatches.enabled = false"


def test_what_is_no_setting_is_told_and_the_settings_stay() -> None:
    page = opened()
    settled(control(page, "conf").set_value("spark.sql.caseSensitive").run())
    assert "Session settings: 'spark.sql.caseSensitive' is not a setting. Write name = value, one per line." in texts(
        page
    )
    assert session_of(page).draft.scenario.conf == {}


def test_more_partitions_than_spark_is_asked_for_here_are_told_not_hidden() -> None:
    page = opened(s=share_encode(scenario(TUTORIAL, (0, "a"), shuffle_partitions=5_000), 0))
    assert control(page, "shuffle_partitions").value == 5_000
    assert "shuffle_partitions: 5000 is out of range" in texts(page)


def test_a_control_that_is_set_for_the_visitor_is_another_widget() -> None:
    """What the browser still sends of the old one must not pass for the visitor's choice."""
    page = opened()
    before = control(page, "event_time").key
    settled(control(page, "event_time").set_value("word").run())
    assert control(page, "event_time").key == before
    with_sample(3, page)
    assert control(page, "event_time").key != before
    assert control(page, "event_time").value == "at"
    assert session_of(page).draft.scenario.watermark.delay == "10 minutes"


def test_what_the_browser_still_sends_of_a_control_that_is_gone_is_no_choice() -> None:
    page = opened()
    gone = [control(page, name)._widget_state for name in ("api", "semantics", "timeout_conf", "key")]
    with_sample(12, page)
    states = page._tree.get_widget_states()
    states.widgets.extend(gone)
    settled(page._run(states))
    assert session_of(page).draft.scenario.api == "transformWithStateInPandas"
    assert session_of(page).trace.ending == "completed"


def test_what_the_browser_sends_of_a_control_that_was_not_on_the_page_is_no_choice() -> None:
    page = with_sample(12)
    hidden = control(page, "api")._widget_state
    page.session_state["below"] = "Calls"
    settled(page.run())
    settled(page.button(key="undo").click().run())
    states = page._tree.get_widget_states()
    states.widgets.append(hidden)
    settled(page._run(states))
    assert session_of(page).draft.scenario.api == "updateState"


def test_what_only_a_file_would_choose_is_shown_and_refused() -> None:
    page = opened(s=share_encode(scenario(TUTORIAL, (0, "cat"), timeout_conf="Never", output_mode="complete"), 0))
    assert control(page, "timeout_conf").value == "Never"
    assert control(page, "output_mode").value == "complete"
    assert session_of(page).trace is None


def test_each_api_asks_for_its_own_clock_and_its_own_fields() -> None:
    page = with_sample(12)
    assert control(page, "time_mode").value == "ProcessingTime"
    assert control(page, "event_time_column").value == ""
    assert not [widget for widget in page.selectbox if str(widget.key).startswith("timeout_conf")]
    settled(control(page, "time_mode").set_value("None").run())
    assert session_of(page).draft.scenario.time_mode == "None"
    assert session_of(page).failure.ending == "user_error"
    settled(control(page, "api").set_value("updateState").run())
    assert control(page, "timeout_conf").value == "ProcessingTimeTimeout"


def test_the_state_so_far_is_written_as_events_are_and_can_be_taken_away() -> None:
    page = opened()
    settled(control(page, "initial_schema").set_value("word string, count long").run())
    settled(control(page, "initial_rows").set_value("word=hello count=40").run())
    initial = session_of(page).trace.scenario.initial_state
    assert (initial.key, initial.rows) == (["word"], [{"word": "hello", "count": 40}])
    assert session_of(page).trace.calls[0].after.value == 42
    settled(control(page, "initial_schema").set_value("").run())
    assert session_of(page).trace.scenario.initial_state is None


def test_a_state_so_far_that_cannot_be_read_is_told_and_the_picture_stays() -> None:
    page = opened()
    settled(control(page, "initial_schema").set_value("word strange").run())
    assert "initial_state.schema" in texts(page)
    assert session_of(page).trace is not None
