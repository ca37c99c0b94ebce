"""What a pasted job says of its own query. Lives here: the nouns; the job is read where it can be run."""

from typing import Annotated, Any, Final

import msgspec

from engine.model.scenario import Api, InitialState, Semantics, Watermark

_Text = Annotated[str, msgspec.Meta(max_length=100_000)]
#: What is shown sentence by sentence, and job by job; who read them keeps to it.
MOST_UNTOLD: Final = 20
MOST_JOBS: Final = 20
LONGEST_SENTENCE: Final = 500
_Sentence = Annotated[str, msgspec.Meta(max_length=LONGEST_SENTENCE)]
_Conf = Annotated[dict[_Text, _Text], msgspec.Meta(max_length=100)]


class ReadJob(msgspec.Struct, frozen=True, tag="read_job"):
    """What does the scenario's code say of the query around its function? Nothing is replayed for it."""


class Job(msgspec.Struct, frozen=True):
    """The query that a job builds around `function_name`, in the fields of a scenario; None is what it does not say.

    `is_whole` when the code hands the function to Spark; else only the API is known, by what the function is written for.
    `entry` is the function's name where the code has several. `untold` are sentences about what it says that has no field,
    or that stands elsewhere.
    """

    api: Api
    function_name: _Text
    is_whole: bool = False
    key: tuple[_Text, ...] | None = None
    input_schema: _Text | None = None
    output_schema: _Text | None = None
    state_schema: _Text | None = None
    output_mode: _Text | None = None
    query_output_mode: _Text | None = None
    timeout_conf: _Text | None = None
    time_mode: _Text | None = None
    event_time_column_name: _Text | None = None
    watermark: Watermark | None = None
    initial_state: InitialState | None = None
    shuffle_partitions: int | None = None
    conf: _Conf | None = None
    entry: _Text | None = None
    semantics: Semantics | None = None
    untold: Annotated[tuple[_Sentence, ...], msgspec.Meta(max_length=MOST_UNTOLD)] = ()

    def fields(self) -> dict[str, Any]:
        """The fields of a scenario that it says something of."""
        said = {name: getattr(self, name) for name in _FIELDS if getattr(self, name) is not None}
        if self.key is not None:
            said["key"] = list(self.key) if len(self.key) > 1 else self.key[0]
        return said

    def query(self) -> dict[str, Any]:
        """The fields of a scenario that is this job's: what it says, and nothing that is left of another job."""
        return {"entry": None, **(_OF_NO_OTHER if self.is_whole else {}), **self.fields()}


#: What a job has that says nothing of it.
_OF_NO_OTHER: Final[dict[str, Any]] = {
    "input_schema": None,
    "query_output_mode": None,
    "event_time_column_name": None,
    "initial_state": None,
    "shuffle_partitions": 1,
    "conf": {},
}
_FIELDS: Final = tuple(
    name for name in Job.__struct_fields__ if name not in ("function_name", "is_whole", "key", "untold")
)


class JobRead(msgspec.Struct, frozen=True):
    """The answer to ReadJob: a job for each function that the code may be about, none where it says nothing of a query."""

    jobs: Annotated[tuple[Job, ...], msgspec.Meta(max_length=MOST_JOBS)] = ()
