"""What the documents say is true: commands are those that run, examples are real, links lead somewhere, nothing is left out."""

import json
import re

import msgspec
import pytest

from engine.apis.catalog import APIS
from engine.codec.scenario_json import scenario_from_json
from engine.codec.trace_json import trace_to_data
from engine.model.scenario import Scenario
from tests.helpers import trace_of
from tests.source_tree import ROOT
from tests.test_architecture import TABLE

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_ci_runs_the_test_command_of_the_readme():
    (command,) = (
        line for block in code_blocks(text_of("README.md"), "sh") for line in block.splitlines() if "pytest" in line
    )
    ci = text_of(".ci/run").splitlines()
    assert command.split(" && ") == ["pip install -r requirements-dev.txt", "pytest"]
    assert [line for line in ci if line in command.split(" && ")] == command.split(" && ")


def test_the_readme_starts_the_page_with_files_that_are_there():
    commands = "".join(code_blocks(text_of("README.md"), "sh"))
    assert "pip install -r requirements.txt && streamlit run app.py" in commands
    assert (ROOT / "app.py").is_file()
    assert all((ROOT / path).is_file() for path in re.findall(r"sample_data/\S+\.json|requirements\S*\.txt", commands))


def test_the_readme_gives_a_reason_for_each_runtime_dependency():
    names = [line.partition("==")[0] for line in text_of("requirements.txt").splitlines()]
    assert [name for name in names if f"`{name}`" not in text_of("README.md")] == []


def test_every_sample_is_in_the_readme():
    samples = [path.name for path in (ROOT / "sample_data").glob("*.json")]
    assert [name for name in samples if f"sample_data/{name}" not in text_of("README.md")] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not leads_somewhere(path, link)] == []


def leads_somewhere(path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (path.parent / file) if file else path
    return target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_example_of_a_scenario_names_every_field_and_its_answer_is_the_trace_that_stands_there():
    scenario, trace = code_blocks(text_of("docs/formats.md"), "json")
    assert list(json.loads(scenario)) == [field.name for field in msgspec.structs.fields(Scenario)]
    assert trace_to_data(trace_of(scenario_from_json(scenario))) == json.loads(trace)


def test_every_field_of_a_scenario_is_explained():
    table = text_of("docs/formats.md").split("| field | meaning |")[1].split("\n\n")[0]
    explained = set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:])))
    assert {field.name for field in msgspec.structs.fields(Scenario)} <= explained


def test_every_api_is_documented():
    assert [api for api in APIS if f"`{api}`" not in text_of("docs/formats.md")] == []


def test_the_import_table_is_the_one_that_is_held():
    """Both sides of the sandbox have a row in the document; the server's is the one in the test's table."""
    text = text_of("docs/architecture.md").split("| package | of ours | libraries |")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in text.splitlines()[2:]]
    told = {
        f"engine.{name}": row for row in rows for name in re.findall(r"`(\w+)`", row[0]) if "child's side" not in row[0]
    }
    told["ui"] = told.pop("engine.ui")
    for package, held in TABLE.items():
        if package == "app":
            continue
        _, ours, libraries = told[package]
        assert set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", libraries))) == set(held.libraries), package
        if package != "ui":
            allowed = ours.partition(";")[0]
            assert {f"engine.{name}" for name in re.findall(r"`([\w.]+)`", allowed)} == set(held.ours), package
