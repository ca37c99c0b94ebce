"""A link's payload: a scenario and a step, small enough for a chat. Lives here: that format; addresses and pages do not.

Version 1 is `1.` and base64url of: CRC-32 of the JSON, then the JSON in raw deflate with a preset dictionary. The JSON is
`[step, scenario without its batches, runs]`; a run is a stretch of batches that have the same columns (`_Run`).
"""

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from itertools import accumulate, chain, groupby, islice, pairwise
from operator import itemgetter
from typing import Annotated, Any, Final

import msgspec

from engine.codec.scenario_json import scenario_from_data, scenario_to_json
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import NO_ROWS, Batch, Scenario
from engine.share.dictionary import VERSION_1

#: A longer text is no link that any browser or proxy would have carried.
MAX_CHARACTERS: Final = 200_000
#: What a small text can unpack to is limited, whatever it says.
MAX_BYTES: Final = 8 * 1024 * 1024
_MAX_BATCHES: Final = 100_000

_VERSION: Final = "1"
_LINK: Final = re.compile(r"([0-9]{1,4})\.([A-Za-z0-9_-]+)=*")
_CHECKSUM_BYTES: Final = 4
_MEMORY_LEVEL: Final = 9

_NotNegative = Annotated[int, msgspec.Meta(ge=0)]


class SharedView(msgspec.Struct, frozen=True):
    """What a link shows: a scenario, and the step at which it opens (it may lie behind the last)."""

    scenario: Scenario
    step: int


class _Run(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Batches one after another whose rows have the same columns; those without rows belong to any run.

    `clock_steps_ms[i]` is added to the clock of the batch before (0 before the first of all), `row_counts[i]` are its rows.
    """

    names: tuple[str, ...]
    clock_steps_ms: list[int]
    row_counts: list[_NotNegative]
    columns: list[list[Any]]


class _Payload(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    step: _NotNegative
    fields: dict[str, Any]
    runs: list[_Run]


class _Broken(Exception):
    """A text that is no link of ours, or a damaged one."""

    def __init__(self, what: str, mend: str = "Ask for the link again, or for the scenario as a file") -> None:
        super().__init__(what)
        self.problem = Problem("link", what, mend)


def share_encode(scenario: Scenario, step: int) -> str:
    """The payload of a link that opens the scenario at a step (from 0).

    Whoever makes the link looks at its length: browsers and proxies carry a few thousand characters, and `share_decode`
    refuses more than MAX_CHARACTERS.
    """
    fields = msgspec.json.decode(scenario_to_json(msgspec.structs.replace(scenario, batches=[])))
    del fields["batches"]
    data = msgspec.json.encode(_Payload(step, fields, _runs(scenario.batches)))
    packed = _checksum(data) + _deflated(data)
    return f"{_VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def share_decode(text: str) -> SharedView | list[Problem]:
    """What a link brings, or what is wrong with it. Never raises, and never unpacks more than MAX_BYTES."""
    try:
        payload = msgspec.json.decode(_unpacked(_packed(text)), type=_Payload)
        batches = _batches(payload.runs)
    except _Broken as broken:
        return [broken.problem]
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        return [_Broken(f"it holds no scenario: {str(error)[:200]}").problem]
    scenario = scenario_from_data({**payload.fields, "batches": batches})
    return SharedView(scenario, payload.step) if isinstance(scenario, Scenario) else scenario


def _runs(batches: Sequence[Batch]) -> list[_Run]:
    clocks_ms = [0, *(batch.processing_time_ms for batch in batches)]
    steps_ms = [after - before for before, after in pairwise(clocks_ms)]
    no_names: tuple[str, ...] = ()
    headers = accumulate((batch.rows for batch in batches), _header, initial=no_names)
    members = zip(islice(headers, 1, None), steps_ms, batches, strict=True)
    return [_run(names, list(group)) for names, group in groupby(members, key=itemgetter(0))]


def _header(before: tuple[str, ...], rows: Rows) -> tuple[str, ...]:
    return rows.names if len(rows) else before


def _run(names: tuple[str, ...], members: Sequence[tuple[Any, int, Batch]]) -> _Run:
    rows = [batch.rows for _, _, batch in members if len(batch.rows)]
    return _Run(
        names,
        [step_ms for _, step_ms, _ in members],
        [len(batch.rows) for _, _, batch in members],
        [list(chain.from_iterable(part.columns[index] for part in rows)) for index in range(len(names))],
    )


def _batches(runs: Sequence[_Run]) -> list[dict[str, Any]]:
    """The batches as a scenario file has them, with `Rows`. Raises ValueError where the columns do not fit."""
    if sum(len(run.row_counts) for run in runs) > _MAX_BATCHES:
        raise _Broken(f"it has more than {_MAX_BATCHES:,} batches", "Ask for the scenario as a file")
    batches = []
    clock_ms = 0
    for run in runs:
        rows = Rows(run.names, run.columns)
        start = 0
        for step_ms, count in zip(run.clock_steps_ms, run.row_counts, strict=True):
            clock_ms += step_ms
            part = rows[start : start + count] if count else NO_ROWS
            batches.append({"processing_time_ms": clock_ms, "rows": part})
            start += count
        if start != len(rows):
            raise ValueError(f"{len(rows)} rows for batches of {start}")
    return batches


def _packed(text: str) -> bytes:
    """The bytes that a link's text stands for."""
    if len(text) > MAX_CHARACTERS:
        raise _Broken(f"it is longer than {MAX_CHARACTERS:,} characters", "Ask for the scenario as a file")
    match = _LINK.fullmatch("".join(text.split()))  # a chat may have broken it into lines
    if match is None:
        raise _Broken("it is not a Stateline link, or only a part of one", "Copy the whole link")
    version, encoded = match.groups()
    if version != _VERSION:
        raise _Broken(f"it was made by another version of Stateline (link version {version})", "Update Stateline")
    try:
        return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error:
        raise _Broken("it was cut off", "Copy the whole link") from None


def _unpacked(packed: bytes) -> bytes:
    """The JSON inside. It is unpacked up to the limit and no further."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS, VERSION_1)
    try:
        data = inflater.decompress(packed[_CHECKSUM_BYTES:], MAX_BYTES)
    except zlib.error:
        raise _Broken("it was damaged on the way") from None
    if len(data) == MAX_BYTES:
        raise _Broken(f"it unpacks to more than {MAX_BYTES // 2**20} MB", "Ask for the scenario as a file")
    if not inflater.eof:
        raise _Broken("it was cut off", "Copy the whole link")
    if _checksum(data) != packed[:_CHECKSUM_BYTES]:
        raise _Broken("it was damaged on the way")
    return data


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big")


def _deflated(data: bytes) -> bytes:
    level, no_header, strategy = zlib.Z_BEST_COMPRESSION, -zlib.MAX_WBITS, zlib.Z_DEFAULT_STRATEGY
    deflater = zlib.compressobj(level, zlib.DEFLATED, no_header, _MEMORY_LEVEL, strategy, VERSION_1)
    return deflater.compress(data) + deflater.flush()
