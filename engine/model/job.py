"""What a pasted job says of its own query. Lives here: the nouns; the job is read where it can be run."""

from typing import Annotated, Any, Final

import msgspec

from engine.model.scenario import Api, Watermark

_Text = Annotated[str, msgspec.Meta(max_length=100_000)]


class ReadJob(msgspec.Struct, frozen=True, tag="read_job"):
    """What does the scenario's code say of the query around its function? Nothing is replayed for it."""


class Job(msgspec.Struct, frozen=True):
    """The query that a job builds around `function_name`, in the fields of a scenario; None is what it does not say.

    `is_whole` when the code hands the function to Spark; else only the API is known, by what the function is written for.
    """

    api: Api
    function_name: _Text
    is_whole: bool = False
    key: tuple[_Text, ...] | None = None
    input_schema: _Text | None = None
    output_schema: _Text | None = None
    state_schema: _Text | None = None
    output_mode: _Text | None = None
    timeout_conf: _Text | None = None
    time_mode: _Text | None = None
    event_time_column_name: _Text | None = None
    watermark: Watermark | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of a scenario that it says something of."""
        said = {name: getattr(self, name) for name in _FIELDS if getattr(self, name) is not None}
        if self.key is not None:
            said["key"] = list(self.key) if len(self.key) > 1 else self.key[0]
        return said


_FIELDS: Final = tuple(name for name in Job.__struct_fields__ if name not in ("function_name", "is_whole", "key"))


class JobRead(msgspec.Struct, frozen=True):
    """The answer to ReadJob; None where the code is no job, or says nothing of its query."""

    job: Job | None = None
