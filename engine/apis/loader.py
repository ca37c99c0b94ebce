"""From a scenario to an operator around the loaded function. Child side only: the server must not import this."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.apis.catalog import APIS, first_batch_error, policy_of, spark_refusal
from engine.apis.entry import find_function
from engine.apis.processor_entry import find_processor
from engine.apis.program import MAIN, load_as_program
from engine.apis.user_code import UserCode, UserCodeFailed, load_code
from engine.model.scenario import Scenario
from engine.replay.operator import Operator

#: How what an API calls is found in the user's code.
_FINDERS: Final = {"function": find_function, "processor": find_processor}


def make_operator(scenario: Scenario) -> tuple[Operator, UserCode]:
    """The operator, and the user's code in it. Raises UserCodeFailed with Spark's or Python's own error."""
    row = APIS[scenario.api]
    refused = spark_refusal(scenario)
    if refused is not None:
        raise UserCodeFailed(refused, "plan_error")
    module = importlib.import_module(row.module)

    def find(namespace: Mapping[str, Any]) -> Any:
        return _FINDERS[row.entry](namespace, scenario.entry, row.known_names, row.parameters)

    code = _loaded(scenario.code, find, module.NAMES)
    killed = first_batch_error(scenario)
    if killed is not None:
        raise UserCodeFailed(killed)
    operator: Operator = module.make(scenario, policy_of(scenario), code)
    return operator, code


def _loaded(source: str, find: Callable[[Mapping[str, Any]], Any], names: Mapping[str, Any]) -> UserCode:
    """As a module; as a program when the function is only there then. Raises UserCodeFailed."""
    try:
        return load_code(source, find, names)
    except UserCodeFailed as failed:
        if not failed.finds_nothing or MAIN not in source:
            raise
        try:
            return load_as_program(source, find, names)
        except UserCodeFailed as program:
            raise failed if program.error.error_class == "SystemExit" else program from None


def names_of_all() -> dict[str, Any]:
    """What the functions of any API may use without an import."""
    return {name: value for row in APIS.values() for name, value in importlib.import_module(row.module).NAMES.items()}
