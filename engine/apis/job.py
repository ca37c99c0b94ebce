"""What a pasted job says of its query: which operator it hands its function to, and with what. Child side only.

The job is loaded, as for a replay, and what it said to Spark's stand-ins is read. What it computes is not guessed.
"""

from collections.abc import Mapping
from typing import Any, Final

from engine.apis.catalog import APIS, modes_of
from engine.apis.entry import accepts, is_users, name_of, takes_state
from engine.apis.loader import names_of_all
from engine.apis.missing_names import HANDING_OVER
from engine.apis.plan import OUTPUT_MODES
from engine.apis.processor_entry import is_processor_class
from engine.apis.spark_names.modules import installed
from engine.apis.spark_names.stubs import Handed, handover
from engine.apis.spark_names.types import StructField, StructType
from engine.apis.user_code import UserCodeFailed, load_code
from engine.model.job import Job
from engine.model.scenario import Api, Watermark

_PANDAS: Final = ("pd.", "pandas", "pdf")
_MOST_NAMED: Final = 200
#: What a module is called whose job is run as a program.
_MAIN: Final = "__main__"


def read_job(source: str) -> Job | None:
    """What the job says; None for code that cannot be loaded, or that is written for no API in particular."""
    names = names_of_all()
    job = _loaded(source, names)
    if _MAIN in source and not (job and job.is_whole):
        as_main = _loaded(source, {**names, "__name__": _MAIN})
        return as_main if as_main and as_main.is_whole else job
    return job


def _loaded(source: str, names: Mapping[str, Any]) -> Job | None:
    try:
        with installed():
            job: Job | None = load_code(source, lambda namespace: _read(namespace, source), names).function
    except UserCodeFailed:
        return None
    return job


def _read(namespace: Mapping[str, Any], source: str) -> Job | None:
    for function in [value for value in namespace.values() if is_users(value)]:
        if not handover.made and _hands_over(function) and accepts(function, 0):
            function()
    if len({id(handed.function) for handed in handover.made}) == 1:
        return _job_of(handover.made[-1])
    return None if handover.made else _by_its_shape(namespace, source)


def _hands_over(function: Any) -> bool:
    """Whether it is a function such as main(), in which the job is."""
    code = getattr(function, "__code__", None)
    return code is not None and not set(HANDING_OVER).isdisjoint(code.co_names)


def _job_of(handed: Handed) -> Job:
    said, frame = handed.arguments, handed.frame
    column = said.get("eventTimeColumnName")
    return Job(
        api=handed.operator,  # type: ignore[arg-type]  # stubs listen to the operators of the catalogue only
        function_name=name_of(handed.function)[:_MOST_NAMED],
        is_whole=True,
        key=frame.key,
        input_schema=_ddl(frame.schema) or _parsed_schema(),
        output_schema=_ddl(said.get("outputStructType")),
        state_schema=_ddl(said.get("stateStructType")),
        output_mode=_spelled(said.get("outputMode"), OUTPUT_MODES),
        timeout_conf=_spelled(said.get("timeoutConf"), modes_of("applyInPandasWithState")),
        time_mode=_spelled(said.get("timeMode"), modes_of("transformWithState")),
        event_time_column_name=column if isinstance(column, str) and column else None,
        watermark=Watermark(*frame.watermark) if frame.watermark else None,
    )


def _parsed_schema() -> str | None:
    """The schema of the JSON in the stream, when the job parses one kind of it."""
    schemas = {_ddl(schema) for schema in handover.parsed_schemas}
    return schemas.pop() if len(schemas) == 1 else None


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


def _by_its_shape(namespace: Mapping[str, Any], source: str) -> Job | None:
    """Without a job around it: a processor, or a function of pandas frames and a state, shows what it is written for."""
    is_of_pandas = any(sign in source for sign in _PANDAS)
    processors = [value for value in namespace.values() if is_processor_class(value)]
    if processors:
        api: Api = "transformWithStateInPandas" if is_of_pandas else "transformWithState"
        return Job(api, processors[-1].__name__[:_MOST_NAMED])
    functions = [value for value in namespace.values() if is_users(value) and accepts(value, 3) and takes_state(value)]
    if is_of_pandas and len(functions) == 1:
        return Job(_called(name_of(functions[0])), name_of(functions[0])[:_MOST_NAMED])
    return None


def _called(function_name: str) -> Api:
    """The API that knows the name, else PySpark's for functions of pandas frames."""
    known: tuple[Any, ...] = tuple(api for api, row in APIS.items() if function_name in row.known_names)
    return known[0] if known else "applyInPandasWithState"
