"""The user's source as a module in a file, as a job has it. Lives here: loading it and finding the function."""

import __future__

import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.apis.catalog import APIS
from engine.model.scenario import Scenario
from engine.spark.recording import USER_FILE, USER_MODULE


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the file with annotations left unevaluated: pasted functions name types that they did not import."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> types.CodeType:  # type: ignore[override]
        flags = __future__.annotations.compiler_flag
        code: types.CodeType = compile(data, path, "exec", flags=flags, dont_inherit=True, optimize=_optimize)
        return code


def load_function(scenario: Scenario, names: Mapping[str, Any], directory: Path) -> Callable[..., Any]:
    """Run the user's source once and give back its function. Raises whatever the source raises, NameError without one.

    `names` are there without an import.
    """
    return _entry(scenario, load_module(scenario, names, directory))


def load_module(scenario: Scenario, names: Mapping[str, Any], directory: Path) -> types.ModuleType:
    """Run the user's source once. Raises whatever the source raises; `names` are there without an import."""
    path = directory / USER_FILE
    path.write_text(scenario.code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(USER_MODULE, path, loader=_Loader(USER_MODULE, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update(names)
    sys.modules[USER_MODULE] = module
    spec.loader.exec_module(module)
    return module


def _entry(scenario: Scenario, module: types.ModuleType) -> Callable[..., Any]:
    row = APIS[scenario.api]
    for name in (scenario.entry,) if scenario.entry else row.known_names:
        if callable(getattr(module, name, None)):
            function: Callable[..., Any] = getattr(module, name)
            return function
    own = [value for value in vars(module).values() if isinstance(value, types.FunctionType)]
    fitting = [value for value in own if value.__code__.co_argcount == len(row.parameters)]
    if scenario.entry or len(fitting) != 1:
        raise NameError(f"there is no function to call; define {row.known_names[0]}({', '.join(row.parameters)})")
    return fitting[0]
