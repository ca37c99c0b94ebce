"""What each action does to a session."""

import pytest

from engine.debugger import (
    Action,
    Breakpoint,
    ChangeStream,
    ChooseSemantics,
    Describe,
    Draft,
    EditCode,
    EditEvents,
    ForgetBaseline,
    GoToCall,
    GoToStep,
    GoToTrigger,
    KeepBaseline,
    OpenScenario,
    Refused,
    Replayed,
    Session,
    SetBreakpoints,
    SetConf,
    SetSchema,
    SetShufflePartitions,
    SetWatches,
    Stream,
    Tell,
    Undo,
    UseJob,
    Watch,
    reduce,
    with_batch_after,
)
from engine.model.job import Job
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import Batch
from tests.helpers import MINUTE_MS, TUTORIAL, scenario, trace_of, words

STREAM = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))
FAILS_IN_BATCH_2 = "def updateState(key, values, state):\n    state.update(1 / (1 - state.exists))\n    return []\n"
NEVER_LOADS = "def updateState(key, values, state)\n    return []\n"
PROBLEM = Problem("line 2, column 1", "this is no event", "Write a word", 2, 1)


@pytest.fixture
def tutorial() -> Session:
    return replayed(Session(Draft(scenario(TUTORIAL, *STREAM), "hello hello spark\n---\nhello\n--- +11 minutes")))


def replayed(session: Session) -> Session:
    made = session.draft.scenario
    return reduce(session, Replayed(made, trace_of(made)))


def test_a_replayed_draft_is_looked_at_from_its_first_call(tutorial: Session) -> None:
    assert not tutorial.is_stale
    assert tutorial.call is not None
    assert tutorial.call.key == ("hello",)


def test_stepping_moves_the_step_and_asks_the_browser_for_nothing(tutorial: Session) -> None:
    stepped = reduce(tutorial, GoToStep(3, tutorial.seek_rev))
    assert (stepped.step_index, stepped.seek_rev) == (3, tutorial.seek_rev)


def test_a_step_from_before_a_jump_is_ignored(tutorial: Session) -> None:
    jumped = reduce(tutorial, GoToCall(4))
    assert reduce(jumped, GoToStep(1, tutorial.seek_rev)) is jumped


@pytest.mark.parametrize(("asked", "got"), [(-5, 0), (2, 2), (400, 4)])
def test_a_step_out_of_range_is_the_nearest_one(tutorial: Session, asked: int, got: int) -> None:
    assert reduce(tutorial, GoToStep(asked, tutorial.seek_rev)).step_index == got


def test_going_to_a_call_or_a_trigger_tells_the_browser_to_follow(tutorial: Session) -> None:
    at_call, at_trigger = reduce(tutorial, GoToCall(3)), reduce(tutorial, GoToTrigger(2))
    assert at_call.step_index == at_trigger.step_index == 3
    assert at_call.seek_rev == tutorial.seek_rev + 1


def test_a_call_that_the_trace_does_not_have_changes_nothing(tutorial: Session) -> None:
    assert reduce(tutorial, GoToCall(99)) is tutorial


def test_an_edit_makes_the_picture_stale_until_its_replay_is_there(tutorial: Session) -> None:
    edited = reduce(tutorial, EditCode(TUTORIAL.replace("10 minutes", "1 hour")))
    assert edited.is_stale
    assert edited.trace is tutorial.trace
    assert not replayed(edited).is_stale


def test_typing_something_and_taking_it_back_changes_nothing(tutorial: Session) -> None:
    assert reduce(tutorial, EditCode(TUTORIAL)) is tutorial
    assert reduce(tutorial, ChooseSemantics("tutorial")) is tutorial


def test_the_replay_of_an_older_draft_is_not_taken_in(tutorial: Session) -> None:
    edited = reduce(tutorial, ChooseSemantics("spark"))
    assert reduce(edited, Replayed(tutorial.draft.scenario, trace_of(tutorial.draft.scenario))) is edited


def test_the_step_stays_where_it_was_when_an_edit_is_replayed(tutorial: Session) -> None:
    stepped = reduce(tutorial, GoToStep(3, tutorial.seek_rev))
    assert replayed(reduce(stepped, ChooseSemantics("spark"))).step_index == 3


def test_a_step_taken_while_an_edit_is_replayed_is_not_taken_back(tutorial: Session) -> None:
    edited = replayed(reduce(tutorial, ChooseSemantics("spark")))
    assert edited.seek_rev == tutorial.seek_rev
    assert reduce(edited, GoToStep(4, tutorial.seek_rev)).step_index == 4


def test_a_replay_that_fails_on_the_way_is_looked_at_where_it_failed(tutorial: Session) -> None:
    failed = replayed(reduce(tutorial, EditCode(FAILS_IN_BATCH_2)))
    assert failed.call is not None
    assert failed.call.error is not None
    assert failed.failure is failed.trace
    assert not failed.is_stale


def test_a_function_that_does_not_load_leaves_the_last_picture(tutorial: Session) -> None:
    broken = replayed(reduce(tutorial, EditCode(NEVER_LOADS)))
    assert broken.trace is tutorial.trace
    assert broken.is_stale
    assert broken.failure is not None
    assert broken.failure.error is not None
    assert broken.failure.error.line == 1


def test_mending_the_function_takes_the_failure_away(tutorial: Session) -> None:
    broken = replayed(reduce(tutorial, EditCode(NEVER_LOADS)))
    assert reduce(broken, EditCode(TUTORIAL)).failure is None


def test_events_that_cannot_be_read_keep_their_text_and_the_last_batches(tutorial: Session) -> None:
    broken = reduce(tutorial, EditEvents("hello\n=", problems=(PROBLEM,)))
    assert broken.draft.events_text == "hello\n="
    assert broken.draft.scenario is tutorial.draft.scenario
    assert broken.is_stale


def test_events_that_can_be_read_again_replace_the_batches_and_the_problems(tutorial: Session) -> None:
    broken = reduce(tutorial, EditEvents("hello\n=", problems=(PROBLEM,)))
    mended = reduce(broken, EditEvents("hello", (Batch(0, words("hello")),), (0,)))
    assert mended.draft.events_problems == ()
    assert [len(batch.rows) for batch in mended.draft.scenario.batches] == [1]
    assert mended.draft.scenario.restart_before == [0]


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (ChooseSemantics("spark"), "semantics"),
        (SetShufflePartitions(5), "shuffle_partitions"),
        (SetConf({"spark.sql.caseSensitive": "true"}), "conf"),
    ],
)
def test_what_is_chosen_of_the_query_stands_in_the_draft_and_waits_for_its_replay(
    tutorial: Session, action: Action, field: str
) -> None:
    session = reduce(tutorial, action)
    assert getattr(session.draft.scenario, field) == getattr(action, field)
    assert session.is_stale
    assert reduce(session, action) is session


@pytest.mark.parametrize(
    ("events", "kept"), [([{"word": "a"}], "word string, n long"), ([{"user": "a"}], None), ([], "word string, n long")]
)
def test_a_schema_is_kept_for_the_rows_it_was_written_for(events: list[dict[str, str]], kept: str | None) -> None:
    session = reduce(Session(Draft(scenario(TUTORIAL))), SetSchema("input_schema", "word string, n long"))
    edited = reduce(session, EditEvents("", (Batch(0, Rows.from_dicts(events)),)))
    assert edited.draft.scenario.input_schema == kept


def test_a_refused_draft_says_why_and_keeps_the_picture(tutorial: Session) -> None:
    edited = reduce(tutorial, ChooseSemantics("spark"))
    refused = reduce(edited, Refused(edited.draft.scenario, (PROBLEM,)))
    assert refused.problems == (PROBLEM,)
    assert refused.trace is tutorial.trace
    assert reduce(refused, ChooseSemantics("tutorial")).problems == ()


def test_opening_a_scenario_drops_the_picture_and_shows_other_texts(tutorial: Session) -> None:
    opened = reduce(tutorial, OpenScenario(scenario(TUTORIAL, (0, "spark")), "spark"))
    assert opened.trace is None
    assert opened.step is None
    assert opened.text_rev > tutorial.text_rev


def test_a_link_opens_at_its_step_even_when_the_function_fails_later(tutorial: Session) -> None:
    link = OpenScenario(scenario(FAILS_IN_BATCH_2, *STREAM), "", step_index=1)
    opened = replayed(reduce(tutorial, link))
    assert opened.failure is not None
    assert opened.step_index == 1


def test_another_title_needs_no_other_picture(tutorial: Session) -> None:
    renamed = reduce(tutorial, Describe("Mine", "about it"))
    assert renamed.draft.scenario.title == "Mine"
    assert not renamed.is_stale
    assert reduce(reduce(tutorial, ChooseSemantics("spark")), Describe("Mine", "")).is_stale


def test_a_failure_stays_when_its_scenario_gets_another_title(tutorial: Session) -> None:
    failed = replayed(reduce(tutorial, EditCode(FAILS_IN_BATCH_2)))
    assert reduce(failed, Describe("Mine", "")).failure is failed.failure


def test_undo_brings_back_what_was_typed_before_something_was_opened(tutorial: Session) -> None:
    typed = reduce(reduce(tutorial, EditCode("my own work")), EditEvents("=", problems=(PROBLEM,)))
    opened = reduce(typed, OpenScenario(scenario(TUTORIAL, (0, "spark")), "spark"))
    undone = reduce(opened, Undo())
    assert undone.draft == typed.draft
    assert undone.undo == ()
    assert undone.text_rev > opened.text_rev


def test_undo_without_anything_to_undo_changes_nothing(tutorial: Session) -> None:
    assert reduce(tutorial, Undo()) is tutorial


def test_a_file_that_cannot_be_opened_is_told_and_changes_nothing_else(tutorial: Session) -> None:
    told = reduce(tutorial, Tell(PROBLEM))
    assert told.notice == PROBLEM
    assert told.trace is tutorial.trace
    assert reduce(told, Tell(None)).notice is None


def test_without_events_there_is_no_step_and_nothing_to_go_to() -> None:
    empty = replayed(Session(Draft(scenario(TUTORIAL), "")))
    assert empty.step is empty.call is empty.batch is None
    assert reduce(empty, GoToTrigger(0)) is empty
    assert reduce(empty, GoToStep(4, empty.seek_rev)).step_index == 0


def test_watches_stay_while_the_function_is_edited_and_go_with_it(tutorial: Session) -> None:
    watched = reduce(tutorial, SetWatches((Watch("count"), Watch("key", 4), Watch("count"))))
    assert watched.watches == (Watch("count"), Watch("key", 4))
    assert not watched.is_stale
    assert reduce(watched, EditCode("x = 1\n")).watches == watched.watches
    assert reduce(watched, OpenScenario(scenario(NEVER_LOADS), "")).watches == ()


def test_breakpoints_are_of_a_function_and_go_with_it(tutorial: Session) -> None:
    points = (Breakpoint(5), Breakpoint(2, 'key == "hello"'))
    marked = reduce(tutorial, SetBreakpoints(points))
    assert marked.breakpoints == (Breakpoint(2, 'key == "hello"'), Breakpoint(5))
    assert not marked.is_stale
    assert reduce(replayed(reduce(marked, EditCode("x = 1\n"))), Undo()).breakpoints == marked.breakpoints
    assert reduce(marked, OpenScenario(scenario(NEVER_LOADS), "")).breakpoints == ()


def test_another_stream_is_compared_with_what_was_replayed_before_and_can_be_taken_back(tutorial: Session) -> None:
    stream = with_batch_after(Stream.of(tutorial.draft.scenario), 0)
    changed = reduce(tutorial, ChangeStream(stream, "another text"))
    assert changed.is_stale
    assert changed.trace is changed.baseline is tutorial.trace
    assert (changed.draft.events_text, changed.text_rev) == ("another text", tutorial.text_rev + 1)
    assert reduce(reduce(replayed(changed), ChangeStream(stream, "")), KeepBaseline()).baseline is not tutorial.trace
    assert reduce(changed, Undo()).draft == tutorial.draft


def test_a_second_change_is_still_compared_with_the_first_run_until_it_is_forgotten(tutorial: Session) -> None:
    stream = with_batch_after(Stream.of(tutorial.draft.scenario), 0)
    twice = reduce(replayed(reduce(tutorial, ChangeStream(stream, ""))), ChangeStream(stream, ""))
    assert twice.baseline is tutorial.trace
    assert reduce(twice, ForgetBaseline()).baseline is None


def test_what_a_job_says_is_taken_over_and_the_rest_stays(tutorial: Session) -> None:
    used = reduce(tutorial, UseJob(Job("applyInPandasWithState", "updateState", key=("word",), state_schema="n long")))
    query = used.draft.scenario
    assert (query.api, query.key, query.state_schema) == ("applyInPandasWithState", "word", "n long")
    assert query.batches is tutorial.draft.scenario.batches
    assert used.trace is tutorial.trace
    assert reduce(used, Undo()).draft == tutorial.draft


def test_a_text_that_is_pasted_over_another_does_not_stand_under_its_title() -> None:
    titled = scenario(TUTORIAL, (0, "a"), title="Count words", about="How often.")
    opened = Session(Draft(titled, ""))

    def named(session: Session) -> tuple[str, str]:
        return session.draft.scenario.title, session.draft.scenario.about

    edited = reduce(opened, EditCode(TUTORIAL.replace("10 minutes", "1 hour")))
    assert named(edited) == ("Count words", "How often.")
    pasted = reduce(reduce(edited, EditCode("")), EditCode("def fn(key, pdfs, state):\n    yield pdfs\n"))
    assert named(pasted) == ("", "")
    assert named(reduce(pasted, EditCode(TUTORIAL))) == ("Count words", "How often.")
    assert named(reduce(pasted, UseJob(Job("applyInPandasWithState", "fn")))) == ("fn", "")
    own = reduce(pasted, Describe("Mine", "My own."))
    assert named(reduce(own, UseJob(Job("applyInPandasWithState", "fn")))) == ("Mine", "My own.")
    assert named(reduce(own, EditCode(TUTORIAL))) == ("", "")
