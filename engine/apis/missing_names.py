"""Names that a pasted job uses around its function and that stand nowhere in the paste: `df`, `spark`, an import left out.

Lives here: finding them, and what stands in for them. A name that the function itself lacks stays an error of the function,
also when the job around it uses it too.
"""

import ast
import builtins
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.apis.spark_names.column_functions import ColumnFunction
from engine.apis.spark_names.function_names import FUNCTION_NAMES
from engine.apis.spark_names.stubs import Stub, absent

#: The operators by which a job hands its function to Spark.
HANDING_OVER: Final = (
    "applyInPandasWithState",
    "transformWithStateInPandas",
    "transformWithState",
    "flatMapGroupsWithState",
    "mapGroupsWithState",
)
#: What a notebook has without an import.
_NOTEBOOK: Final = frozenset({"spark", "sc", "sqlContext", "dbutils", "display", "displayHTML"})
#: What everybody calls these modules.
_MODULES: Final = {
    "F": "pyspark.sql.functions",
    "f": "pyspark.sql.functions",
    "sf": "pyspark.sql.functions",
    "T": "pyspark.sql.types",
}
_BUILTINS: Final = frozenset(dir(builtins))
_PASTE_IT: Final = "The job gets it from somewhere else: write {0} = … at the top"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def stand_ins(source: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in for the names that the source lacks; `known` are there already.

    In a job, all names around its function; elsewhere those of a notebook only. Raises SyntaxError.
    """
    if not any(name in source for name in (*HANDING_OVER, *_NOTEBOOK)):
        return {}
    tree = ast.parse(source)
    used = {node.id for node in _around(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    missing = (used - _bound(tree) | _of_themselves(tree)) - _BUILTINS - known.keys()
    return {name: _stand_in(name) for name in (missing if _hands_over(tree) else missing & _NOTEBOOK)}


def _stand_in(name: str) -> Any:
    """What the name means in the modules of PySpark that are installed; a stub when it means nothing there."""
    if name in FUNCTION_NAMES:
        return ColumnFunction(name)
    if name in _MODULES:
        return sys.modules[_MODULES[name]]
    modules = (vars(module) for path, module in list(sys.modules.items()) if path.partition(".")[0] == "pyspark")
    unknown = (
        Stub() if name in _NOTEBOOK else absent(NameError, f"name {name!r} is not defined", _PASTE_IT.format(name))
    )
    return next((names[name] for names in modules if name in names), unknown)


def tried_imports(source: str) -> frozenset[str]:
    """The packages that are imported under a `try`, which has its own answer when they are not there. Raises SyntaxError."""
    if "try" not in source or "import" not in source:
        return frozenset()
    tries = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Try) and node.handlers)
    return frozenset(name for node in tries for line in node.body for name in _imported(line))


def _imported(line: ast.stmt) -> Iterator[str]:
    match line:
        case ast.Import(names=names):
            yield from (alias.name.partition(".")[0] for alias in names)
        case ast.ImportFrom(module=str(module)):
            yield module.partition(".")[0]


def _around(tree: ast.AST) -> Iterator[ast.AST]:
    """The parts of the code that run when it is loaded, or when the job is built; not those of its functions.

    Without recursion: Python reads a longer sum than it lets functions call themselves.
    """
    left = [tree]
    while left:
        node = left.pop()
        yield node
        children = ast.iter_child_nodes(node)
        left += [child for child in children if not isinstance(child, _Function) or _hands_over(child)]


def _of_themselves(tree: ast.Module) -> set[str]:
    """Names that the module gives a meaning by themselves, before they have one: `df = df.select(…)`."""
    known: set[str] = set()
    found: set[str] = set()
    for line in tree.body:
        if isinstance(line, ast.Assign):
            used = {node.id for node in ast.walk(line.value) if isinstance(node, ast.Name)}
            found |= {name for name in used - known if any(name in _names_of(target) for target in line.targets)}
        known |= _bound(line)
    return found


def _hands_over(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in HANDING_OVER for node in ast.walk(tree))


def _bound(tree: ast.AST) -> set[str]:
    """All names that the source gives a meaning anywhere."""
    return {name for node in ast.walk(tree) for name in _names_of(node)}


def _names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)):
            yield name
