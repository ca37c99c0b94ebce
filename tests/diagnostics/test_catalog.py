"""The table of findings and docs/findings.md are one: the same rows, and examples that do what they say."""

import json
import re
from pathlib import Path

import pytest

from engine.diagnostics import KINDS, findings, findings_of_two
from engine.events import read_text
from engine.model.scenario import Scenario, Watermark
from tests.helpers import TUTORIAL, replayed, trace_of

DOC = (Path(__file__).parents[2] / "docs" / "findings.md").read_text()
SECTIONS = {
    match.group(1): (match.group(2), match.group(3))
    for match in re.finditer(r"^## ([\w-]+) \((\w+)\)\n(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)
}
SEVERITIES = ["error", "warning", "note"]


def example(section: str) -> Scenario:
    """The scenario of a section: its function, its events, its settings."""
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL))
    settings = json.loads(blocks.get("json", "{}"))
    if "watermark" in settings:
        settings["watermark"] = Watermark(**settings["watermark"])
    batches = read_text(blocks["text"]).batches
    return Scenario(**{"api": "updateState", "code": blocks["python"], "batches": batches, **settings})


def test_every_finding_is_in_the_document_and_the_reverse_in_the_same_order():
    assert list(SECTIONS) == [kind.id for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.id for kind in KINDS])
def test_the_document_says_what_a_finding_finds_and_its_example_shows_it(kind):
    severity, section = SECTIONS[kind.id]
    assert severity == kind.severity
    assert section.strip().startswith(kind.finds)
    trace = trace_of(example(section))
    finding = {finding.id: finding for finding in findings_of_two(trace, trace_of(example(section)))}[kind.id]
    assert finding.severity == kind.severity
    assert finding.title
    assert finding.why
    assert finding.fix


def test_errors_come_first_then_warnings_then_notes():
    assert [kind.severity for kind in KINDS] == sorted((kind.severity for kind in KINDS), key=SEVERITIES.index)


def test_a_sound_function_on_a_full_stream_has_no_finding():
    code = TUTORIAL.replace("        return []", "        state.remove()\n        return []")
    trace = replayed(code, (0, "hello spark"), (60_000, "hello"), (1_200_000, ""), semantics="spark")
    assert findings(trace) == ()


def test_a_trace_without_calls_has_findings_too():
    assert findings(replayed(TUTORIAL, (0, ""))) == ()
    assert [finding.id for finding in findings(replayed("1 +\n", (0, "a")))] == ["query-failed"]


def test_every_place_of_a_finding_is_inside_the_trace_and_the_source():
    for _, section in SECTIONS.values():
        trace = trace_of(example(section))
        for finding in findings(trace):
            assert finding.call_index is None or finding.call_index < len(trace.calls)
            assert finding.line is None or 1 <= finding.line <= trace.scenario.code.count("\n") + 1
            assert finding.trigger is None or finding.trigger < len(trace.scenario.batches)
