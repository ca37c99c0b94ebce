"""docs/events.md: every example in it is read as it stands, and written again it says the same."""

import re
from pathlib import Path

import pytest

from engine.events import read_text, write_text

TEXT = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
EXAMPLES = re.findall(r"```events\n(.*?)```", TEXT, re.DOTALL)
MARKS = re.findall(r"^\| `(---.*?)` \|", TEXT, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read_without_a_problem(example):
    read = read_text(example)

    assert read.problems == []
    assert read_text(write_text(read.batches, read.restart_before)).batches == read.batches


def test_the_examples_show_every_notation():
    assert {read_text(example).notation for example in EXAMPLES} == {"words", "pairs", "csv", "table", "json"}


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_the_table_is_read(mark):
    assert read_text(f"hello\n{mark}\nspark").problems == []


def test_the_table_has_marks():
    assert len(MARKS) == 5
