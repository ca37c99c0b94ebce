"""What a pasted job says of its query: which operator it hands its function to, and with what. Child side only.

The job is loaded, as for a replay, and what it said to Spark's stand-ins is read. What it computes is not guessed.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from engine.apis.catalog import APIS, modes_of
from engine.apis.entry import accepts, is_users, name_of, run_builders, takes_state
from engine.apis.job_query import query_of, untold_of
from engine.apis.loader import names_of_all
from engine.apis.plan import OUTPUT_MODES
from engine.apis.processor_entry import processors_in
from engine.apis.program import MAIN, load_as_program
from engine.apis.spark_names.columns import columns_of, schema_of
from engine.apis.spark_names.modules import installed
from engine.apis.spark_names.said import Handed, Said, handover
from engine.apis.spark_names.stubs import absence_of
from engine.apis.spark_names.types import StructField, StructType
from engine.apis.user_code import UserCodeFailed, load_code
from engine.model.job import MOST_JOBS, Job
from engine.model.scenario import Api, Watermark

_PANDAS: Final = ("pd.", "pandas", "pdf")
_MOST_NAMED: Final = 200


def read_jobs(source: str) -> tuple[Job, ...]:
    """What the code says of each function that it hands to Spark, else of each that is written for one API.

    None for code that cannot be loaded, or that is written for no API in particular.
    """
    names = names_of_all()
    jobs = _loaded(load_code, source, names)
    if MAIN in source and not any(job.is_whole for job in jobs):
        as_program = _loaded(load_as_program, source, names)
        return as_program if any(job.is_whole for job in as_program) else jobs
    return jobs


def _loaded(load: Any, source: str, names: Mapping[str, Any]) -> tuple[Job, ...]:
    try:
        with installed():
            jobs: tuple[Job, ...] = load(source, lambda namespace: _read(namespace, source), names).function
    except UserCodeFailed:
        return ()
    return jobs


def _read(namespace: Mapping[str, Any], source: str) -> tuple[Job, ...]:
    run_builders(namespace)
    jobs = [_job_of(handed, number) for number, handed in enumerate(handover.made[:MOST_JOBS])]
    different = [job for number, job in enumerate(jobs) if job not in jobs[:number]]
    return _told_apart(different or _by_their_shape(namespace, source))


def _told_apart(jobs: list[Job]) -> tuple[Job, ...]:
    """Each with the name by which its function is chosen, when there are several functions."""
    if len({job.function_name for job in jobs}) < 2:
        return tuple(jobs)
    return tuple(msgspec.structs.replace(job, entry=job.function_name) for job in jobs)


def _job_of(handed: Handed, number: int) -> Job:
    said, frame = handed.arguments, handed.frame
    column, api = said.get("eventTimeColumnName"), _api_of(handed.operator)
    return Job(
        api=api,
        semantics="spark" if APIS[api].has_tutorial_rules else None,
        function_name=_name_of(handed.function),
        is_whole=True,
        key=frame.key,
        input_schema=_ddl(schema_of(frame.columns)) if _has_its_key(frame) else None,
        output_schema=_ddl(said.get("outputStructType")),
        state_schema=_ddl(said.get("stateStructType")),
        output_mode=_spelled(said.get("outputMode"), OUTPUT_MODES),
        timeout_conf=_spelled(said.get("timeoutConf"), modes_of("applyInPandasWithState")),
        time_mode=_spelled(said.get("timeMode"), modes_of("transformWithState")),
        event_time_column_name=column if isinstance(column, str) and column else None,
        watermark=Watermark(*frame.watermark) if frame.watermark else None,
        **query_of(handed, number, needs_rocksdb=APIS[api].entry == "processor"),
        untold=untold_of(handed, number),
    )


def _name_of(function: Any) -> str:
    """What the function is called; one that a decorator of elsewhere gives is called as what stands below the decorator."""
    if absence_of(function) is not None and len(handover.decorated) == 1:
        function = handover.decorated[0]
    return name_of(function)[:_MOST_NAMED]


def _api_of(operator: str) -> Any:
    """The API of the catalogue that calls the functions of this operator."""
    return operator if operator in APIS else next(api for api, row in APIS.items() if row.operator_name == operator)


def _has_its_key(frame: Said) -> bool:
    """Whether the columns that are known of a frame are all that it has, as far as its key shows."""
    columns = {column.name.lower() for column in frame.columns or ()}
    keys = [name.lower() for name in frame.key or ()]
    return columns.issuperset(name if name in columns else name.partition(".")[0] for name in keys)  # or a field of one


def _ddl(schema: Any) -> str | None:
    """A schema as people write it, from a StructType or a text."""
    if isinstance(schema, StructType):
        return ", ".join(map(_column_ddl, schema))
    return schema if isinstance(schema, str) else None


def _column_ddl(field: StructField) -> str:
    name = field.name if field.name.isidentifier() else f"`{field.name.replace('`', '``')}`"
    return f"{name} {field.dataType.simpleString()}{'' if field.nullable else ' NOT NULL'}"


def _spelled(given: Any, names: tuple[str, ...]) -> str | None:
    """The name as the catalogue spells it: Spark does not look at capitals. What is none of them stays as it is."""
    if not isinstance(given, str):
        return None
    return next((name for name in names if name.lower() == given.lower()), given)


def _by_their_shape(namespace: Mapping[str, Any], source: str) -> list[Job]:
    """Without a job around them: processors, or functions of pandas frames and a state, show what they are written for."""
    is_of_pandas = any(sign in source for sign in _PANDAS)
    processors = processors_in(namespace)[:MOST_JOBS]
    if processors:
        api: Api = "transformWithStateInPandas" if is_of_pandas and not _is_of_rows(source) else "transformWithState"
        return [_shaped(api, processor, namespace) for processor in processors]
    functions = [value for value in namespace.values() if is_users(value) and accepts(value, 3) and takes_state(value)]
    known = [function for function in functions if _api_knowing(name_of(function))]
    if not is_of_pandas:
        return []
    return [
        _shaped(_api_knowing(name_of(function)) or "applyInPandasWithState", function, namespace)
        for function in (known or functions)[:MOST_JOBS]
    ]


def _is_of_rows(source: str) -> bool:
    """Whether a processor is written for Rows, though pandas is named somewhere."""
    is_handed_as_such = "transformWithState(" in source and "transformWithStateInPandas(" not in source
    return is_handed_as_such or ("Row(" in source and "DataFrame" not in source)


def _shaped(api: Api, function: Any, namespace: Mapping[str, Any]) -> Job:
    """What is known of a function or processor that stands there alone: its API, and schemas that are called so."""
    wanted = (*APIS[api].required, *APIS[api].own_fields)
    found = {field: _named(namespace, *words) for field, words in _SCHEMA_WORDS.items() if field in wanted}
    schemas: dict[str, Any] = {field: _ddl(namespace[name]) for field, name in found.items() if name}
    told = tuple(
        f"Used as its {field.replace('_', ' ')}: {name[:_MOST_NAMED]}" for field, name in found.items() if name
    )
    return Job(api, name_of(function)[:_MOST_NAMED], **schemas, untold=told)


#: By the field, words of which one is in the name of the variable that a schema stands in.
_SCHEMA_WORDS: Final = {"output_schema": ("output", "out", "result"), "state_schema": ("state",)}


def _named(namespace: Mapping[str, Any], *words: str) -> str | None:
    """The only variable with a schema that has one of the words in its name, beside "schema"."""
    names = [
        name
        for name, value in namespace.items()
        if "schema" in name.lower() and any(word in name.lower() for word in words) and columns_of(value) is not None
    ]
    return names[0] if len(names) == 1 else None


def _api_knowing(function_name: str) -> Any:
    return next((api for api, row in APIS.items() if function_name in row.known_names), None)
