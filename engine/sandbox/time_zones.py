"""The world's time zones in memory, as the package `tzdata`: Python, pandas and dateutil look there when no file can be read."""

import importlib.abc
import importlib.machinery
import importlib.resources
import io
import zoneinfo
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable, TraversableResources
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_ROOT: Final = "tzdata.zoneinfo"


class TimeZoneFinder(importlib.abc.MetaPathFinder):
    """Finds the package with all zones that this system has; they are read when it is made."""

    def __init__(self) -> None:
        names = sorted(zoneinfo.available_timezones())
        zones = _Folder("tzdata", {"zones": _File("zones", "\n".join(names).encode())})
        self._packages = {"tzdata": zones, _ROOT: _Folder("zoneinfo", {})}
        for name in names:
            self._add(name, _read(name))

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        folder = self._packages.get(name)
        return importlib.machinery.ModuleSpec(name, _Loader(folder), is_package=True) if folder else None

    def _add(self, zone: str, data: bytes) -> None:
        """`America/New_York` is `New_York` in the package `tzdata.zoneinfo.America`."""
        *places, name = zone.split("/")
        package = ".".join((_ROOT, *places))
        folder = self._packages.setdefault(package, _Folder(package.rpartition(".")[2], {}))
        folder.entries[name] = _File(name, data)


class _Entry(Traversable):
    """What files and folders have in common."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def read_bytes(self) -> bytes:
        data: bytes = self.open("rb").read()
        return data

    def read_text(self, *_: Any, **__: Any) -> str:
        return self.read_bytes().decode()

    def __truediv__(self, child: Any) -> Traversable:
        return self.joinpath(child)


class _File(_Entry):
    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name)
        self._data = data

    def open(self, mode: str = "r", *_: Any, **__: Any) -> Any:
        return io.BytesIO(self._data) if "b" in mode else io.StringIO(self._data.decode())

    def iterdir(self) -> Iterator[Traversable]:
        return iter(())

    def is_dir(self) -> bool:
        return False

    def is_file(self) -> bool:
        return True

    def joinpath(self, *parts: Any) -> Traversable:
        raise FileNotFoundError("/".join((self.name, *map(str, parts))))


class _Folder(_Entry):
    def __init__(self, name: str, entries: dict[str, _File]) -> None:
        super().__init__(name)
        self.entries = entries

    def open(self, *_: Any, **__: Any) -> Any:
        raise FileNotFoundError(self.name)

    def iterdir(self) -> Iterator[Traversable]:
        return iter(self.entries.values())

    def is_dir(self) -> bool:
        return bool(self.entries)

    def is_file(self) -> bool:
        return False

    def joinpath(self, *parts: Any) -> Traversable:
        """What is not there is an empty folder, which cannot be opened."""
        name = "/".join(map(str, parts))
        return self.entries.get(name) or _Folder(name, {})


class _Loader(importlib.abc.Loader):
    """Makes empty modules; all that matters is what lies beside them."""

    def __init__(self, folder: _Folder) -> None:
        self._folder = folder

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, _module: ModuleType) -> None:
        pass

    def get_resource_reader(self, _name: str) -> TraversableResources:
        return _Reader(self._folder)


class _Reader(TraversableResources):
    def __init__(self, folder: _Folder) -> None:
        self._folder = folder

    def files(self) -> Traversable:
        return self._folder


def _read(zone: str) -> bytes:
    """The zone's file, of the system or else of the package that is installed. Raises OSError."""
    for home in zoneinfo.TZPATH:
        file = Path(home, zone)
        if file.is_file():
            return file.read_bytes()
    *places, name = zone.split("/")
    return importlib.resources.files(".".join((_ROOT, *places))).joinpath(name).read_bytes()
