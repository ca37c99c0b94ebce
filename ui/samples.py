"""The scenarios of sample_data/, read once. Lives here: reading them; the menu that shows them is a panel."""

from functools import cache
from pathlib import Path
from typing import Final

from engine import Scenario, scenario_from_json

_FOLDER: Final = Path(__file__).parent.parent / "sample_data"


@cache
def samples() -> tuple[Scenario, ...]:
    """All samples in the order of their file names; the first is the one that the page opens with.

    Raises ValueError naming the file when one of them is no scenario: they are ours.
    """
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.json")))


def _read(path: Path) -> Scenario:
    scenario = scenario_from_json(path.read_bytes())
    if isinstance(scenario, list):
        raise ValueError(f"{path}: {scenario[0]}")
    return scenario
