"""From a scenario to an operator around the loaded function. Child side only: the server must not import this."""

import importlib

from engine.apis.catalog import APIS, GROUP_STATE_POLICIES, spark_refusal, timeout_conf_of
from engine.apis.user_code import UserCode, UserCodeFailed, load_function
from engine.model.scenario import Scenario
from engine.replay.operator import Operator


def make_operator(scenario: Scenario) -> tuple[Operator, UserCode]:
    """The operator, and the user's code in it. Raises UserCodeFailed with Spark's or Python's own error."""
    row = APIS[scenario.api]
    refused = spark_refusal(scenario)
    if refused is not None:
        raise UserCodeFailed(refused, "plan_error")
    module = importlib.import_module(row.module)
    code = load_function(scenario.code, scenario.entry, row.known_names, row.parameters, module.NAMES)
    operator: Operator = module.make(scenario, GROUP_STATE_POLICIES[timeout_conf_of(scenario)], code)
    return operator, code
