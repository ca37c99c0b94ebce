"""Uploading events: a file, what it probably is, and a look at it. Lives here: the dialog; reading and guessing do not."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import streamlit as st

from engine import Scenario, Watermark, events, views
from ui import drafts, store
from ui.panels import preview, problems

_TABLE, _GUESS, _STREAM = "uploaded table", "guess of it", "stream of it"
_LIKELY, _OPENED, _ASKED, _READ = "what to open of it", "it, opened", "what its cells may be", "it, as is said"
_ALL_KEPT: Final = (_TABLE, _LIKELY, _OPENED, _ASKED, _READ, _GUESS, _STREAM)
_NO_COLUMN: Final = "none"
_DELAY: Final = "10 seconds"
_PREVIEW_HEIGHT_PX: Final = 220
_BATCHINGS: Final = {"time": "every so often", "rows": "every few rows, or each", "column": "by a batch column"}
_EVERY_MS: Final = {
    "second": 1_000,
    "10 seconds": 10_000,
    "minute": 60_000,
    "5 minutes": 300_000,
    "10 minutes": 600_000,
    "30 minutes": 1_800_000,
    "hour": 3_600_000,
    "6 hours": 21_600_000,
    "12 hours": 43_200_000,
    "day": 86_400_000,
    "week": 604_800_000,
    "30 days": 2_592_000_000,
}


@st.dialog("Upload events", width="large")
def draw() -> None:
    """A file, three questions with the likely answers already given, and the stream that comes of them."""
    # Of any type: what the file holds decides, and what cannot be read is told better than by the end of its name.
    file = st.file_uploader("CSV, JSON, JSON lines or Parquet, gzipped or not", key="events_file")
    if file is None:
        return
    progress = _Progress()
    table = progress.kept(
        _TABLE, file.file_id, lambda: events.read_upload(file.getvalue(), file.name, progress.read_so_far)
    )
    if isinstance(table, list):
        problems.draw(table, "upload")
        return
    table, identity = _as_meant(table, file.file_id, progress)
    choices = _questions(table, progress.kept(_GUESS, identity, lambda: events.guess(table)))
    stream = progress.kept(_STREAM, (identity, choices), lambda: events.to_batches(table, choices))
    preview.draw(table.rows, _PREVIEW_HEIGHT_PX)
    problems.draw(table.problems, "upload")
    if isinstance(stream, list):
        problems.draw(stream, "stream")
    else:
        st.button(_outcome(table, stream), type="primary", key="use_events", on_click=_use, args=(choices, stream))


def _as_meant(table: events.Table, identity: Any, progress: "_Progress") -> tuple[events.Table, Any]:
    """The table with its columns as the visitor says that they are meant, and what identifies it."""
    names = _to_open(progress.kept(_LIKELY, identity, lambda: _openable(table)))
    identity = (identity, names)
    whole = progress.kept(_OPENED, identity, lambda: events.opened(table, names))
    numbers, times = progress.kept(_ASKED, identity, lambda: events.questions(whole))
    forms = events.LocalForms(_meaning("Numbers", numbers), _meaning("Times", times))
    identity = (identity, forms)
    return progress.kept(_READ, identity, lambda: events.with_day_and_time(events.read_local(whole, forms))), identity


def _openable(table: events.Table) -> tuple[list[str], list[str]]:
    """The columns that are likely to be opened, and those that can be, these included."""
    likely = events.likely_opened(table)
    return likely, list(
        dict.fromkeys([*likely, *events.openable(table), *events.openable(events.opened(table, likely))])
    )


def _to_open(likely_and_all: tuple[list[str], list[str]]) -> tuple[str, ...]:
    likely, names = likely_and_all
    if not names:
        return ()
    return tuple(
        st.multiselect(
            "Fields of these become columns",
            names,
            default=likely,
            format_func=views.visible,
            help="These columns hold objects, or JSON text. As they are, the function gets one value for each",
        )
    )


def _meaning(what: str, question: events.Question | None) -> events.Answer:
    """What the visitor says of local numbers, or times: what the cells prove is chosen already, all else stays open."""
    if question is None:
        return None
    labels: dict[events.Answer, str] = {form: f"{meaning} ({form})" for form, meaning in question.meanings.items()}
    labels["text"] = "text, exactly as written"
    options: list[Any] = list(labels)
    st.text(f"{what} such as {views.visible(question.example)} in {views.visible(', '.join(question.columns))} are")
    answer: events.Answer = st.selectbox(
        what,
        options,
        label_visibility="collapsed",
        index=options.index(question.sure) if question.sure in options else None,
        format_func=labels.__getitem__,
        placeholder="Please choose: the file does not say; until you do they are text",
    )
    return answer


class _Progress:
    """How far a file is on its way to a stream. Each time that this is told, a newer wish of the visitor's breaks it off."""

    _PARTS: Final = {
        _TABLE: (0.1, "Reading the file"),
        _LIKELY: (0.6, "Looking at it"),
        _OPENED: (0.6, "Opening its columns"),
        _ASKED: (0.65, "Looking at it"),
        _READ: (0.65, "Looking at it"),
        _GUESS: (0.7, "Looking at it"),
        _STREAM: (0.8, "Cutting it"),
    }

    def __init__(self) -> None:
        self._place = st.empty()
        self._percent = 0

    def kept(self, name: str, identity: Any, make: Callable[[], Any]) -> Any:
        """What `make` makes, made once; it is told while that is being done."""
        made = store.kept(name, identity, lambda: self._told(name, make))
        self._place.empty()
        return made

    def read_so_far(self, done: float) -> None:
        """`done` is the part of the file that has been read, from 0 to 1; less than a percent more is not worth a message."""
        (begin, words), (end, _) = self._PARTS[_TABLE], self._PARTS[_LIKELY]
        percent = int(100 * (begin + (end - begin) * done))
        if percent > self._percent:
            self._percent = percent
            self._place.progress(percent, words)

    def _told(self, name: str, make: Callable[[], Any]) -> Any:
        self._place.progress(*self._PARTS[name])
        return make()


def _questions(table: events.Table, guess: events.Choices) -> events.Choices:
    key, event_time = st.columns(2, gap="small")
    keys = key.multiselect(
        "Key", table.names, default=guess.key, format_func=views.visible, help="Rows with the same key share one memory"
    )
    times = [_NO_COLUMN, *events.time_columns(table)]
    time = event_time.selectbox(
        "Event time",
        times,
        index=times.index(guess.event_time or _NO_COLUMN),
        format_func=views.visible,
        help="When the event happened",
    )
    batching = _batching(table, guess.batching)
    sort_by = _sort_by(batching, guess)
    return events.Choices(tuple(keys) or guess.key, None if time == _NO_COLUMN else time, batching, sort_by)


def _batching(table: events.Table, guess: events.Batching) -> events.Batching:
    how, much = st.columns(2, gap="small", vertical_alignment="bottom")
    times = events.time_columns(table)
    kinds = [kind for kind in _BATCHINGS if times or kind != "time"]
    index = kinds.index(str(guess.__struct_config__.tag))
    kind = how.selectbox("A batch", kinds, index=index, format_func=_BATCHINGS.__getitem__)
    if kind == "rows":
        rows = guess.rows_per_batch if isinstance(guess, events.ByRows) else 1
        return events.ByRows(int(much.number_input("Rows in a batch", min_value=1, value=rows)))
    if kind == "column":
        column = guess.column if isinstance(guess, events.ByColumn) else table.names[0]
        index = table.names.index(column)
        return events.ByColumn(much.selectbox("Batch column", table.names, index=index, format_func=views.visible))
    by_time = guess if isinstance(guess, events.ByTime) else events.ByTime(times[0], 3_600_000)
    with much:
        return _by_time(times, by_time)


def _by_time(times: list[str], guess: events.ByTime) -> events.ByTime:
    every, column = st.columns(2, gap="small")
    name = next(name for name, every_ms in _EVERY_MS.items() if every_ms >= guess.every_ms)
    chosen = every.selectbox("A trigger every", list(_EVERY_MS), index=list(_EVERY_MS).index(name))
    clock = column.selectbox("on the clock of", times, index=times.index(guess.column), format_func=views.visible)
    return events.ByTime(clock, _EVERY_MS[chosen])


def _sort_by(batching: events.Batching, guess: events.Choices) -> str | None:
    """Sorting makes sense for batches by time only; in the order of the file, rows may come late."""
    if not isinstance(batching, events.ByTime):
        return None
    is_sorted = st.toggle(
        "Sort the rows by time first",
        value=guess.sort_by is not None,
        help="Otherwise they arrive in the order of the file",
    )
    return batching.column if is_sorted else None


def _outcome(table: events.Table, stream: events.Stream) -> str:
    rows, batches = len(table.rows), len(stream.batches)
    what = "this event" if rows == 1 else f"these {rows:,} events"
    return f"Use {what} in {batches:,} {'batch' if batches == 1 else 'batches'}"


def _use(choices: events.Choices, stream: events.Stream) -> None:
    store.dispatch(drafts.opening(_with_stream(store.get().draft.scenario, choices, stream)))
    store.forget(*_ALL_KEPT)
    st.rerun()  # which closes the dialog


def _with_stream(scenario: Scenario, choices: events.Choices, stream: events.Stream) -> Scenario:
    """The scenario with another stream, and the key and watermark that fit it."""
    delay = scenario.watermark.delay if scenario.watermark else _DELAY
    return msgspec.structs.replace(
        scenario,
        batches=stream.batches,
        input_schema=stream.input_schema,
        key=list(choices.key) if len(choices.key) > 1 else choices.key[0],
        watermark=Watermark(choices.event_time, delay) if choices.event_time else None,
        restart_before=[],
    )
