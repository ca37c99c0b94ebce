"""The editor's bundle is made of the sources beside it: whoever changes one without the other is told."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source_tree import ROOT

EDITOR = ROOT / "ui" / "components" / "editor"


def bundle() -> Path:
    (found,) = (EDITOR / "built").glob("editor-*.js")
    return found


def sources() -> list[str]:
    names = sorted(path.name for path in (EDITOR / "source").iterdir())
    return ["../component.js", *(f"source/{name}" for name in names), "build.mjs", "package.json", "package-lock.json"]


def test_the_bundle_names_the_hash_of_its_sources():
    made = hashlib.sha256()
    for path in sources():
        made.update(f"{path}\n{(EDITOR / path).read_text(encoding='utf-8')}\n".encode())
    assert bundle().read_text(encoding="utf-8").startswith(f"/* sources {made.hexdigest()};"), "npm run build"


def test_every_package_in_the_bundle_has_its_licence_beside_it():
    """All that the lock file brings for use, not for building: the bundle is made of these."""
    locked = json.loads((EDITOR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    used = {path.removeprefix("node_modules/") for path, package in locked.items() if path and not package.get("dev")}
    licences = (EDITOR / "built" / "LICENCES.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"^(@?[\w./-]+) \d+\.\d+\.\d+$", licences, re.MULTILINE))
    assert named <= used
    assert licences.count("Permission is hereby granted") == len(named)
    assert {"@codemirror/view", "@codemirror/state", "@lezer/python", "style-mod"} <= named


@pytest.mark.slow
@pytest.mark.skipif(
    not (EDITOR / "node_modules").is_dir(), reason="needs Node and its packages: CONTRIBUTING.md says how"
)
def test_the_sources_make_this_very_bundle(tmp_path):
    again = tmp_path / "editor"
    for path in sources():
        (again / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EDITOR / path, again / path)
    shutil.copytree(EDITOR / "node_modules", again / "node_modules", symlinks=True)
    subprocess.run(["node", "build.mjs"], cwd=again, check=True)
    for name in (bundle().name, "LICENCES.txt"):
        assert (again / "built" / name).read_bytes() == (EDITOR / "built" / name).read_bytes()
