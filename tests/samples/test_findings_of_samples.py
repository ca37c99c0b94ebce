"""A sample that hides a bug is told so by its findings, and a sample that is right is left alone."""

from pathlib import Path

import pytest

from engine.codec.scenario_json import scenario_from_json
from engine.diagnostics import findings
from tests.helpers import trace_of

FILES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
WARNINGS = {
    "01-word-count": {"forgotten-only-by-the-tutorial"},
    "04-late-rows": {"late-rows-were-dropped"},
    "05-silent-alarm": {"lost-timeout"},
    "08-nagging-shop": {"implausible-duration"},
    "09-endless-alert": {"zombie-timeout"},
    "15-last-three": {"attribute-is-forgotten"},
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_findings_of_a_sample_warn_of_what_it_teaches_and_of_nothing_else(path):
    found = findings(trace_of(scenario_from_json(path.read_bytes())))
    assert {finding.id for finding in found if finding.severity != "note"} == WARNINGS.get(path.stem, set())
