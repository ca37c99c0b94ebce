"""The public surface: what the page, the command line and other people's scripts may use. Its parts are its subpackages.

Nothing that compiles or runs a user's code is imported here.
"""

from engine.apis.catalog import APIS, mode_of, modes_of
from engine.apis.plan import OUTPUT_MODES
from engine.codec.scenario_json import scenario_from_json, scenario_to_json
from engine.debugger import Session
from engine.model.problems import Problem
from engine.model.rows import Rows
from engine.model.scenario import Batch, InitialState, Scenario, Watermark
from engine.model.trace import Trace
from engine.share import SharedView, share_decode, share_encode

__all__ = [
    "APIS",
    "OUTPUT_MODES",
    "Batch",
    "InitialState",
    "Problem",
    "Rows",
    "Scenario",
    "Session",
    "SharedView",
    "Trace",
    "Watermark",
    "mode_of",
    "modes_of",
    "scenario_from_json",
    "scenario_to_json",
    "share_decode",
    "share_encode",
]
