"""The project's own source as data, for the tests that read it: modules, what they import, what that leads to."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Module(NamedTuple):
    name: str
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    def where(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@cache
def modules() -> dict[str, Module]:
    """Every module that is shipped, by its dotted name."""
    paths = [ROOT / "app.py", *(path for top in ("engine", "ui") for path in sorted((ROOT / top).rglob("*.py")))]
    found = (_module(path) for path in paths if "node_modules" not in path.parts)
    return {module.name: module for module in found}


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def within(prefix: str) -> list[Module]:
    """The modules of a package, or the module of that name."""
    return [module for name, module in modules().items() if is_in(name, prefix)]


def is_in(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


@cache
def imports_of(name: str) -> frozenset[str]:
    """What a module imports anywhere in it, in functions too: our own modules by full name, others as written."""
    module = modules()[name]
    return frozenset(target for node in ast.walk(module.tree) for target in _targets(module, node))


def _targets(module: Module, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = _source(module, node)
        for alias in node.names:
            inner = f"{source}.{alias.name}"
            yield inner if inner in modules() else source


def _source(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def reached_from(*starts: str) -> dict[str, str]:
    """Every module of ours that is imported when these modules are, and the module that imports it."""
    reached = {name: "" for name in starts if name in modules()}
    waiting = list(reached)
    while waiting:
        importer = waiting.pop()
        for target in imports_of(importer):
            for name in _with_parents(target):
                if name in modules() and name not in reached:
                    reached[name] = importer
                    waiting.append(name)
    return reached


def _with_parents(name: str) -> list[str]:
    """Importing a.b.c runs a and a.b too."""
    parts = name.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


def nodes(prefixes: tuple[str, ...], kind: type[ast.AST]) -> Iterator[tuple[Module, ast.AST]]:
    """All syntax nodes of a kind in some packages."""
    for prefix in prefixes:
        for module in within(prefix):
            yield from ((module, node) for node in ast.walk(module.tree) if isinstance(node, kind))
