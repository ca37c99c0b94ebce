"""docs/architecture.md as tests: who may import whom, what is absent from where, and how long a thing may be."""

import ast
import re
import subprocess
import sys
from typing import NamedTuple

import pytest

from tests.source_tree import ROOT, Module, imports_of, is_in, modules, nodes, reached_from, within

# The far side of the sandbox: the modules that run in the child, and in the process that the child is forked from.
CHILD_MODULES = (
    *("worker", "alarms", "last_words", "refusals", "kernel", "identity", "landlock", "rlimits", "seccomp"),
    *("zygote", "zygote_main", "preload", "selftest", "probes", "time_zones", "spares", "warm"),
)
CHILD_SIDE = tuple(f"engine.sandbox.{name}" for name in CHILD_MODULES)
# Nothing in these packages knows the time, throws dice, or opens a file.
CORE = tuple(
    f"engine.{name}"
    for name in (
        *("model", "replay", "apis", "codec", "events", "share", "lines", "debugger", "views", "diagnostics"),
        "run_here",
    )
)
API_NAMES = ("updateState", "applyInPandasWithState", "transformWithStateInPandas", "transformWithState")


class Row(NamedTuple):
    """One row of the import table: what of ours a package may import besides itself, and which libraries."""

    ours: tuple[str, ...]
    libraries: tuple[str, ...]


TABLE = {
    "engine.model": Row((), ("msgspec",)),
    # The replay's half of the line debugger: it runs in the sandbox's child, and compiles conditions there.
    "engine.lines": Row(
        ("engine.model", "engine.codec", "engine.replay", "engine.apis", "engine.run_here"), ("msgspec", "pandas")
    ),
    "engine.replay": Row(("engine.model",), ("msgspec",)),
    # The seam between the loop and the APIs: the protocol, the typed rows that cross it, the bytes that stores sort by.
    "engine.apis": Row(
        ("engine.model", "engine.replay.operator", "engine.replay.intake", "engine.replay.unsafe_row"),
        ("msgspec", "numpy", "pandas"),
    ),
    "engine.codec": Row(("engine.model",), ("msgspec",)),
    "engine.events": Row(("engine.model",), ("msgspec", "pyarrow")),
    "engine.share": Row(("engine.model", "engine.codec"), ("msgspec",)),
    "engine.debugger": Row(("engine.model",), ("msgspec",)),
    "engine.views": Row(("engine.model", "engine.debugger"), ("msgspec", "pandas")),
    "engine.diagnostics": Row(("engine.model", "engine.views", "engine.debugger"), ("msgspec",)),
    "engine.sandbox": Row(("engine.model", "engine.codec"), ("msgspec",)),
    # It must not see `replay`, else it could not judge it.
    "engine.spark": Row(
        ("engine.model", "engine.codec", "engine.apis.catalog"), ("msgspec", "numpy", "pandas", "py4j", "pyspark")
    ),
    "ui": Row(("engine",), ("altair", "msgspec", "pandas", "streamlit", "vl_convert")),
    "app": Row(("ui",), ("streamlit",)),
}
CHILD_ROW = Row(
    ("engine.model", "engine.codec", "engine.replay", "engine.apis", "engine.run_here", "engine.lines"),
    ("msgspec", "numpy", "pandas"),
)

# Modules that are no part of a package, or stand on both sides of a row, and why.
OWN_ROWS = {
    "engine": "the public surface imports from every package that is one",
    "engine.run_here": "the runner without a border puts replay, apis and codec together",
    "engine.__main__": "the command line puts a runner and the codec together",
}


def row_of(module: Module) -> Row | None:
    if module.name in CHILD_SIDE:
        return CHILD_ROW
    return next((row for package, row in TABLE.items() if is_in(module.name, package)), None)


def allowed(module: Module, row: Row, target: str) -> bool:
    top = target.partition(".")[0]
    if top not in ("engine", "ui", "app", "tests"):
        return top in sys.stdlib_module_names or top in row.libraries
    home = next(package for package in TABLE if is_in(module.name, package))
    return target == "engine" or any(is_in(target, prefix) for prefix in (home, *row.ours))


def test_every_module_imports_only_what_its_row_of_the_table_allows():
    found = [
        f"{module.name} imports {target}"
        for module in modules().values()
        if module.name not in OWN_ROWS
        for row in [row_of(module)]
        for target in imports_of(module.name)
        if row is None or not allowed(module, row, target)
    ]
    assert found == []


def test_the_page_uses_public_names_only():
    """`from engine import views`, and what `engine.views` exports; never a module inside a package."""
    found = [
        f"{module.name} imports {target}"
        for module in [*within("ui"), *within("app")]
        for target in imports_of(module.name)
        if is_in(target, "engine") and (target.count(".") > 1 or not modules()[target].is_package)
    ]
    assert found == []


SERVER_MAY_READ = {
    "engine.apis.catalog": "the table of the APIs, data only",
    "engine.apis.offers": "what editors complete, data only",
    "engine.apis.placeholders": "what empty editors show, data only",
    "engine.apis.key_plan": "the check of what rows are grouped by",
    "engine.apis.key_fields_plan": "what Spark refuses of it",
    "engine.apis.plan": "the checks of a scenario's fields",
    "engine.apis.spark_plan": "what Spark refuses before anything runs",
    "engine.apis.column_names_plan": "what of it is about names of columns",
    "engine.apis.processor_plan": "the same of a StatefulProcessor",
    "engine.replay.operator": "the words of the catalogue's rows",
    "engine.replay.intake": "the check that values fit their columns",
    "engine.replay.types_in_rows": "the types of columns that no schema declares",
}


def test_nothing_that_compiles_or_runs_a_visitors_code_can_be_reached_from_the_server():
    reached = reached_from("app", "engine", "engine.__main__", *(module.name for module in within("ui")))
    dangerous = ("engine.apis", "engine.replay", "engine.lines", "engine.run_here", "engine.spark", *CHILD_SIDE)
    assert {
        name: f"imported by {importer}"
        for name, importer in reached.items()
        if any(is_in(name, prefix) for prefix in dangerous)
        and name not in ("engine.apis", "engine.replay", *SERVER_MAY_READ)
    } == {}
    assert "engine.sandbox.runner" in reached


def test_the_server_has_not_loaded_such_a_module_when_the_page_is_drawn():
    """The same, asked of Python itself: imports by name, at run time, count here too."""
    loaded = run(
        "import sys, ui.page, engine.sandbox\nprint(*(name for name in sys.modules if name.startswith('engine.')))"
    ).split()
    assert "engine.sandbox.runner" in loaded
    assert {"engine.apis.loader", "engine.apis.user_code", "engine.replay.loop", "engine.run_here"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("missing", "needed"),
    [
        (("streamlit", "altair", "pyspark"), "engine, engine.sandbox, engine.run_here, engine.codec.trace_json"),
        (("streamlit", "altair", "pandas", "numpy"), "engine.replay.loop, engine.apis.loader, engine.codec.frames"),
    ],
    ids=["without streamlit", "without pandas"],
)
def test_the_engine_is_there_without_the_libraries_of_the_page(missing, needed):
    absent = "".join(f"sys.modules[{name!r}] = None\n" for name in missing)
    assert run(f"import sys\n{absent}import {needed}\nprint('there')") == "there\n"


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_no_api_imports_another_apis_module():
    apis = {
        node.value for _, node in nodes(("engine.apis.catalog",), ast.Constant) if str(node.value).startswith("engine.")
    }
    assert apis
    found = {name: imports_of(name) & apis - {name} for name in apis}
    assert not any(found.values()), found


BY_NAME = {
    "engine.apis.loader": "it alone turns a row of the catalogue into a module, in the child",
    "engine.sandbox.preload": "the child's parent imports what functions may import",
    "engine.sandbox.warm": "the child's parent imports the module of each API",
}


def test_modules_are_imported_by_name_only_where_that_is_the_job():
    found = {
        module.name
        for module, node in nodes(("engine", "ui", "app"), ast.Call)
        if called(node).endswith(("import_module", "__import__"))
    }
    assert found <= set(BY_NAME)


def test_nothing_is_pickled():
    banned = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle"}
    found = [name for name in modules() if banned & {target.partition(".")[0] for target in imports_of(name)}]
    assert found == []


COMPILES = {
    "engine.apis.user_code": "the one place where a replay compiles and runs a visitor's code, in the child",
    "engine.lines.expressions": "conditions and watches of a visitor are asked in the child",
    "engine.spark.source": "the judge runs the same function on real Spark, in a process of its own",
}


def test_code_is_compiled_and_run_where_that_is_the_job_and_nowhere_else():
    found = {
        module.name
        for module, node in nodes(("engine", "ui", "app"), ast.Call)
        if called(node).removeprefix("builtins.") in ("eval", "exec", "compile")
    }
    assert found <= set(COMPILES)


def test_the_core_has_no_clock_no_dice_and_no_files():
    banned = {
        "time",
        "random",
        "secrets",
        "uuid",
        "os",
        "pathlib",
        "tempfile",
        "shutil",
        "socket",
        "subprocess",
        "threading",
    }
    imports = [
        f"{name} imports {target}" for name in core() for target in imports_of(name) if target.split(".")[0] in banned
    ]
    calls = [
        f"{module.where(node)} calls {called(node)}"
        for module, node in nodes(CORE, ast.Call)
        if called(node) == "open"
        or called(node).endswith(("datetime.now", "date.today", "datetime.today", "datetime.utcnow"))
    ]
    assert imports + calls == []


def core() -> list[str]:
    return [module.name for prefix in CORE for module in within(prefix)]


KNOWS_AN_API = {
    "engine.model.scenario": "the contract lists the names",
    "engine.codec.scenario_json": "a scenario needs one so that its other fields' defaults can be known",
    "engine.sandbox.warm": "the warm-up replays the smallest scenarios there are",
    "engine.sandbox.selftest": "the self-test is a replay",
    "engine.spark": "the judge has one bridge an API, as `apis` has one module",
}


def test_no_module_outside_apis_knows_an_apis_name():
    found = [
        f"{module.where(node)}: {node.value!r:.60}"
        for module, node in nodes(("engine", "ui", "app"), ast.Constant)
        if isinstance(node.value, str) and node.value.strip() in API_NAMES
        if not any(is_in(module.name, prefix) for prefix in ("engine.apis", *KNOWS_AN_API))
    ]
    assert found == []


def test_what_an_api_does_is_a_row_of_a_table_and_never_an_if():
    found = [
        module.where(node)
        for module, node in nodes(("engine", "ui", "app"), ast.Compare)
        if any(isinstance(part, ast.Attribute) and part.attr == "api" for part in (node.left, *node.comparators))
        if module.name != "engine.apis.catalog"
    ]
    assert found == []


def test_only_the_store_touches_the_session_state_of_streamlit():
    found = {module.name for module, node in nodes(("ui", "app"), ast.Attribute) if node.attr == "session_state"}
    assert found <= {"ui.store"}


PAGE_TESTS = ("app", "browser", "ui")


def test_the_engines_tests_run_without_the_page():
    """Removing ui/ breaks no test outside these folders."""
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path.relative_to(ROOT).parts[1] not in PAGE_TESTS]
    lines = [(path, line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for path, line in lines
        if re.match(r"\s*(from|import) (ui|streamlit)\b", line)
    ]
    assert found == []


def test_every_module_says_at_its_top_what_lives_there():
    assert [name for name, module in modules().items() if not ast.get_docstring(module.tree)] == []


MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 40


def test_no_file_and_no_function_is_too_long_to_take_in():
    paths = [path for top in ("engine", "ui", "tests", "benchmarks") for path in (ROOT / top).rglob("*.py")]
    shown = [path for path in [ROOT / "app.py", *paths] if "node_modules" not in path.parts]
    long_files = [str(path.relative_to(ROOT)) for path in shown if len(path.read_text().splitlines()) > MAX_FILE_LINES]
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in shown
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long_files + long_functions == []


def called(node: ast.Call) -> str:
    """The name of what is called, as it is written."""
    return ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
