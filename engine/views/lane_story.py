"""What became of one key: its changes, its timeouts, its end. Lives here: that fold over a lane's calls, made when asked for."""

from itertools import chain
from operator import attrgetter

from engine.model.state import NO_STATE, KeyState
from engine.model.trace import Trace
from engine.views.call_table import Lane, call_table
from engine.views.once import once_per_trace
from engine.views.timeouts import TimeoutFate, TimeoutFold


class LaneStory(Lane, kw_only=True):
    """A lane, and what became of it.

    `changes` are the calls after which something else is remembered than before, in batches that were committed;
    `timeouts` are in the order in which they were set. `remembered` tells whether a value is there at the end.
    """

    changes: list[int]
    timeouts: list[TimeoutFate]
    remembered: bool


def lane_story(trace: Trace, place: int) -> LaneStory:
    """The story of the lane at this place of the call table; read once."""
    stories = _stories(trace)
    if place not in stories:
        stories[place] = _read(trace, call_table(trace).lanes[place])
    return stories[place]


@once_per_trace
def timeout_fates(trace: Trace) -> list[TimeoutFate]:
    """Every timeout of the trace, in the order in which they were set."""
    places = range(len(call_table(trace).lanes))
    of_all = chain.from_iterable(lane_story(trace, place).timeouts for place in places)
    return sorted(of_all, key=attrgetter("set_by"))


@once_per_trace
def _stories(trace: Trace) -> dict[int, LaneStory]:
    """Those that were read, by place."""
    return {}


def _read(trace: Trace, lane: Lane) -> LaneStory:
    timeouts = TimeoutFold(lane.key, trace)
    changes: list[int] = []
    kept, kept_in = NO_STATE, len(trace.batches)
    for index in lane.calls:
        call = trace.calls[index]
        batch = trace.batch_of(call)
        timeouts.see(index, call, batch)
        if batch.committed:
            kept, kept_in = call.after, call.batch_index
            if call.after.entries != call.before.entries or call.after.stored != call.before.stored:
                changes.append(index)
    return LaneStory(
        lane.key,
        lane.calls,
        lane.removed,
        lane.timed_out,
        lane.failed,
        changes=changes,
        timeouts=timeouts.fates(),
        remembered=_left(lane, kept, kept_in).exists,
    )


def _left(lane: Lane, kept: KeyState, kept_in: int) -> KeyState:
    """What is left of the state that was kept in a batch, when the ends of that batch and of later ones took from it."""
    return kept.without(removed.entry for batch_index, removed in lane.removed if batch_index >= kept_in)
