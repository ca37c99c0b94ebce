"""docs/semantics.md is true: its transcripts are those of the replay, its cases have Spark's answer, its ids are the trace's."""

import re
from typing import NamedTuple

import pytest

from engine.model.rules import RULES
from engine.model.trace import Trace
from engine.run_here import run_here
from tests.golden import cases
from tests.helpers import TUTORIAL, replayed
from tests.semantics.story import story
from tests.source_tree import ROOT

LEFT_OUT = "…"


class Section(NamedTuple):
    rule: str
    numbers: str
    text: str
    transcript: list[str]
    case: str


def sections() -> list[Section]:
    document = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    found = re.findall(
        r"^### `([a-z0-9-]+)` \(([\d., ]+)\)\n\n(.*?)\n\n```text\n(.*?)\n```\n\nCase: `(.*?)`$", document, re.M | re.S
    )
    return [Section(rule, numbers, text, lines.split("\n"), case) for rule, numbers, text, lines, case in found]


def trace_of(case: str) -> Trace:
    if case == "the tutorial":
        return replayed(TUTORIAL, (0, "hello hello spark"), (1000, "hello"), (700_000, ""))
    return run_here(cases.scenario_of(cases.case(case)))


def pieces(lines: list[str]) -> list[list[str]]:
    """The runs of lines between the places where some are left out."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line == LEFT_OUT:
            found.append([])
        else:
            found[-1].append(line)
    return found


def rules_named_by(trace: Trace) -> set[str]:
    calls = [rule for call in trace.calls for rule in (call.rule, call.state_rule)]
    batches = [
        rule
        for batch in trace.batches
        for rule in (batch.rule, *(row.rule for row in batch.dropped), *(entry.rule for entry in batch.removed))
    ]
    return {*calls, *batches}


def test_the_document_has_a_section_for_each_rule_that_a_trace_can_name():
    documented = {section.rule for section in sections()}
    assert documented >= set(RULES)
    assert len(documented) == len(sections())


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.rule)
def test_a_transcript_is_what_the_replay_does(section):
    lines = story(trace_of(section.case))
    position = 0
    for piece in pieces(section.transcript):
        position = next(
            (at + len(piece) for at in range(position, len(lines)) if lines[at : at + len(piece)] == piece), -1
        )
        assert position >= 0, f"not in the replay: {piece}"


@pytest.mark.parametrize("section", [s for s in sections() if s.rule in RULES], ids=lambda section: section.rule)
def test_a_rule_has_the_words_of_the_inspector_and_a_case_whose_trace_names_it(section):
    rule = RULES[section.rule]
    assert section.text.startswith(rule.sentence)
    assert rule.section in section.numbers
    assert rule.id in rules_named_by(trace_of(section.case))


@pytest.mark.parametrize("case", sorted({section.case for section in sections()} - {"the tutorial"}))
def test_a_case_is_one_that_real_spark_answered(case):
    assert case in cases.names()
