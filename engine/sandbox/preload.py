"""What a worker finds in memory because it cannot open a file: modules, extension modules, time zones.

Modules that are written in Python are kept as their files' bytes and made into modules when they are first imported.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from engine.sandbox.time_zones import TimeZoneFinder

#: What most functions import is made into modules before the fork.
_AT_ONCE: Final = (
    "pandas numpy abc array ast base64 bisect calendar collections.abc copy csv dataclasses datetime decimal difflib "
    "enum fractions functools hashlib heapq html inspect io itertools json logging math numbers operator pprint "
    "queue random re secrets sqlite3 statistics string struct textwrap threading time traceback types typing "
    "unicodedata urllib.parse uuid warnings zlib zoneinfo dateutil.tz"
)
_PACKAGES: Final = ("numpy", "pandas", "dateutil", "msgspec", "engine")
#: Not for functions: tests, programs with windows, and what installs software.
_LEFT_OUT: Final = frozenset(
    ["__pycache__", "dist-packages", "ensurepip", "idlelib", "lib2to3", "site-packages", "test", "tests", "tkinter"]
)
#: Extension modules without use here: they need a terminal, files, or the system's accounts, and bring libraries with them.
_NEEDS_MORE: Final = (
    "_crypt",
    "_curses",
    "_dbm",
    "_gdbm",
    "_tkinter",
    "nis",
    "ossaudiodev",
    "readline",
    "spwd",
    "syslog",
)
_BYTECODE_HEADER: Final = 16


def import_everything() -> None:
    """Fill this process with all that functions may import; it never looks for a module on a disk after its fork."""
    in_memory = _MemoryFinder(dict(_stored_modules()))
    sys.meta_path.insert(0, in_memory)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nobody asked for the modules that are deprecated
        for name in _AT_ONCE.split():
            importlib.import_module(name)
        for name in _extension_modules():
            _import_if_it_can_be(name)
    zones = TimeZoneFinder()
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        del sys.modules[name]  # the one that is installed would look for its files
    sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, zones, in_memory]


class _Stored:
    """A module's file: its bytecode where that is fresh, else its source."""

    def __init__(self, file: Path) -> None:
        status = file.stat()
        self.path = str(file)
        self.is_package = file.name == "__init__.py"
        self.stats = {"mtime": status.st_mtime, "size": status.st_size}
        bytecode_path = importlib.util.cache_from_source(self.path)
        bytecode = _fresh_bytecode(Path(bytecode_path), int(status.st_mtime), status.st_size)
        self.data = {bytecode_path: bytecode} if bytecode else {self.path: file.read_bytes()}


class _MemoryFinder(importlib.abc.MetaPathFinder):
    """Finds what is stored, before any finder that would look at files."""

    def __init__(self, stored: dict[str, _Stored]) -> None:
        self._stored = stored

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        module = self._stored.get(name)
        if module is None:
            return None
        places = [os.path.dirname(module.path)] if module.is_package else None
        return importlib.util.spec_from_file_location(
            name, module.path, loader=_MemoryLoader(module), submodule_search_locations=places
        )


class _MemoryLoader(importlib.abc.SourceLoader):
    """Python's own loader, which is given stored bytes where it asks for a file."""

    def __init__(self, module: _Stored) -> None:
        self._module = module

    def get_filename(self, _name: str) -> str:
        return self._module.path

    def path_stats(self, _path: Any) -> dict[str, float]:
        return self._module.stats

    def get_data(self, path: Any) -> bytes:
        """Raises OSError for a file that is not stored."""
        try:
            return self._module.data[path]
        except KeyError:
            raise FileNotFoundError(path) from None


def _fresh_bytecode(file: Path, source_mtime: int, source_size: int) -> bytes | None:
    """The compiled module when it is of this source; Python checks the rest when it loads it."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    stamp = (source_mtime & 0xFFFFFFFF).to_bytes(4, "little") + (source_size & 0xFFFFFFFF).to_bytes(4, "little")
    is_of_this_source = data[:4] == importlib.util.MAGIC_NUMBER and data[8:_BYTECODE_HEADER] == stamp
    return data if is_of_this_source and data[4:8] == bytes(4) else None


def _stored_modules() -> Iterator[tuple[str, _Stored]]:
    stdlib = Path(sysconfig.get_path("stdlib"))
    for file in _files(stdlib, ".py"):
        yield _module_name(file.relative_to(stdlib)), _Stored(file)
    for package in _PACKAGES:
        home = _home_of(package)
        for file in _files(home, ".py"):
            yield _module_name(file.relative_to(home.parent)), _Stored(file)


def _extension_modules() -> Iterator[str]:
    dynload = Path(sysconfig.get_config_var("DESTSHARED") or "")
    if dynload.is_dir():
        yield from (_module_name(file.relative_to(dynload)) for file in _files(dynload, ".so"))
    for package in ("numpy", "pandas"):
        home = _home_of(package)
        yield from (_module_name(file.relative_to(home.parent)) for file in _files(home, ".so"))


def _import_if_it_can_be(name: str) -> None:
    last = name.rpartition(".")[2]
    if "test" in last or last.startswith(("xx", "_xx", *_NEEDS_MORE)):
        return
    with suppress(ImportError):  # this system lacks a library; a function that wants the module is told so
        importlib.import_module(name)


def _files(home: Path, ending: str) -> Iterator[Path]:
    for folder, folders, files in os.walk(home):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith("config-")]
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(ending))


def _home_of(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(next(iter(found.submodule_search_locations)))


def _module_name(file: Path) -> str:
    """`pandas/io/__init__.py` is `pandas.io`, `zlib.cpython-311-x86_64-linux-gnu.so` is `zlib`."""
    parts = [*file.parent.parts, file.name.partition(".")[0]]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
