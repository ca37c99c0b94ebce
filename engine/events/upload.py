"""Uploaded bytes as a table. Lives here: what kind of file it is, unpacking, and the encoding of its text."""

import gzip
import io
import re
import zlib
from typing import Final

import msgspec

from engine.events.csv_file import read_csv, says_its_delimiter
from engine.events.json_file import read_json
from engine.events.json_lines import begins_with_json
from engine.events.lines import Problems
from engine.events.table import MAX_BYTES, Table, Tell, table_of, untold
from engine.events.text import is_printed, read_text
from engine.events.values import as_type, column_type
from engine.model.problems import Problem
from engine.model.rows import Rows

_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_PICTURE: Final = ("it is a picture", "Choose a file with a row for each event")
#: What other files begin with, and what to tell.
_FOREIGN: Final = {
    b"PK\x03\x04": ("it is an Excel workbook or a zip archive", "Save the sheet as CSV, or unpack the archive"),
    b"\xd0\xcf\x11\xe0": ("it is an Excel workbook", "Save the sheet as CSV"),
    b"Obj\x01": ("it is an Avro file", "Write it as Parquet or JSON lines"),
    b"ORC": ("it is an ORC file", "Write it as Parquet"),
    b"%PDF": ("it is a PDF", "Choose a file with a row for each event"),
    _GZIP: ("it is packed with gzip twice", "Unpack it once"),
    b"BZh": ("it is packed with bzip2", "Unpack it, or pack it with gzip"),
    b"\xfd7zXZ": ("it is packed with xz", "Unpack it, or pack it with gzip"),
    b"\x28\xb5\x2f\xfd": ("it is packed with zstd", "Unpack it, or pack it with gzip"),
    b"\xff\x06\x00\x00sNaPpY": ("it is packed with snappy", "Unpack it, or pack it with gzip"),
    b"ARROW1": ("it is a Feather or Arrow file", "Write it as Parquet"),
    b"SQLite format 3": ("it is a database", "Write the table as CSV"),
    b"<": ("it is a web page or XML", "Save the table in it as CSV"),
    b"\xff\xff\xff\xff": ("it is an Arrow stream", "Write it as Parquet"),
    b"{\\rtf": ("it is a word processor document", "Save it as plain text"),
    b"7z\xbc\xaf": ("it is a 7-Zip archive", "Unpack it"),
    b"Rar!": ("it is a RAR archive", "Unpack it"),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x80\x04\x95": ("it is a Python pickle", "Write it as Parquet or CSV"),
}
_TAR: Final = (slice(257, 262), b"ustar")
_ENCODING_BY_MARK: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BATCH_MARK: Final = re.compile(r"^---(?!.*[+|])", re.MULTILINE)
_SAMPLE_BYTES: Final = 4096
_KINDS: Final = "Choose a CSV, JSON, JSON lines or Parquet file, gzipped or not"


def read_upload(data: bytes, name: str, tell: Tell = untold) -> Table | list[Problem]:
    """The table in a file of CSV, JSON, JSON lines or Parquet, or one of these with gzip. Never raises.

    What the file holds decides; its name only where that leaves a choice. While a large text is read `tell` is told every
    now and then how much of the way is done, from 0 to 1; what it raises ends the reading.
    """
    if data.startswith(_GZIP):
        unpacked = _unpacked(data)
        if isinstance(unpacked, Problem):
            return [unpacked]
        data, name = unpacked, name.lower().removesuffix(".gz")
    if len(data) > MAX_BYTES:
        return [_too_large()]
    for beginning, (what, mend) in _FOREIGN.items():
        if data.startswith(beginning):
            return [Problem("file", what, mend)]
    if data[_TAR[0]] == _TAR[1]:
        return [Problem("file", "it is a tar archive", "Unpack it, and upload the file in it")]
    if data.startswith(_PARQUET):
        from engine.events.parquet_file import read_parquet  # noqa: PLC0415  pyarrow is heavy, and only this needs it

        return read_parquet(data)
    return _read_text(data, name.lower().rpartition(".")[2], tell)


def _read_text(data: bytes, suffix: str, tell: Tell) -> Table | list[Problem]:
    decoded = _decoded(data)
    if isinstance(decoded, Problem):
        return [decoded]
    text, notes = decoded
    if not text.strip():
        return [Problem("file", "it is empty", _KINDS)]
    sample = text[:_SAMPLE_BYTES]
    if suffix in ("parquet", "pq") or len(_CONTROLS.findall(sample)) > 1 + len(sample) // 100:
        return [Problem("file", "it is neither Parquet nor text", _KINDS)]
    if suffix == "txt" and _BATCH_MARK.search(text):
        return [Problem("file", "it has marks between batches (---)", "Paste its text where events are typed")]
    if is_printed(text) and not says_its_delimiter(text):
        table = _printed(text)
    elif suffix in ("json", "jsonl", "ndjson") or _is_json(sample, suffix):
        table = read_json(text, tell)
    else:
        table = read_csv(text, tell, may_be_words=suffix == "txt")
    if isinstance(table, Table):
        return msgspec.structs.replace(table, problems=[*notes, *table.problems])
    return [*notes, *table]


def _is_json(sample: str, suffix: str) -> bool:
    """Whether a text begins as JSON does; one that is named CSV only when it begins with an object."""
    beginning = r"\s*\[?\s*\{\s*\"" if suffix in ("csv", "tsv") else ""
    return begins_with_json(sample.lstrip()) and re.match(beginning, sample) is not None


def _printed(text: str) -> Table | list[Problem]:
    """The table of a text in a notation in which events are typed too."""
    read = read_text(text)
    try:
        rows = Rows.from_dicts(row for batch in read.batches for row in batch.rows)
    except ValueError as error:
        return [Problem("file", str(error), "Use only a part of it")]
    types = [column_type(column) for column in rows.columns]
    columns = [as_type(column, type_) for column, type_ in zip(rows.columns, types, strict=True)]
    table = table_of(rows.names, columns, Problems(), types)
    if isinstance(table, Table):
        return msgspec.structs.replace(table, problems=read.problems)
    return [*read.problems, *table]


def _unpacked(data: bytes) -> bytes | Problem:
    """The contents of a gzip file, of which there may be several behind one another."""
    try:
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        return Problem("file", f"it cannot be unpacked: {error}", "Upload it again; it may have been cut off")
    return unpacked if len(unpacked) <= MAX_BYTES else _too_large()


def _too_large() -> Problem:
    return Problem("file", f"it is larger than {MAX_BYTES // 2**20} MB", "Use only a part of it")


def _decoded(data: bytes) -> tuple[str, list[Problem]] | Problem:
    """The text, and what had to be guessed for it."""
    encoding = next((name for mark, name in _ENCODING_BY_MARK if data.startswith(mark)), None)
    has_mark = encoding is not None
    encoding = encoding or _encoding_without_mark(data[:_SAMPLE_BYTES])
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            what = f"it is not valid {encoding} text: {error.reason}" if has_mark else "it is neither Parquet nor text"
            return Problem("file", what, "Save it as UTF-8" if has_mark else _KINDS)
    note = Problem("file", "it is not UTF-8, so it was read as Western European text (latin-1)", "Save it as UTF-8")
    return data.decode("cp1252", "replace"), [note]


def _encoding_without_mark(sample: bytes) -> str:
    """UTF-16 shows by its zero bytes: nearly every second one in Western text."""
    if sample.count(0) * 4 < len(sample):
        return "utf-8"
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
