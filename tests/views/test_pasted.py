"""A text brings things with it from where it was copied: what they are is told, and they can be left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.views.pasted import cleaned
from tests.helpers import TUTORIAL

LINES = TUTORIAL.splitlines()
SIGNS = "typographic quotes and signs"


def joined(*lines):
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("pasted", "what"),
    [
        (
            joined(*(f"{'...' if line[0] == ' ' else '>>>'} {line}" for line in LINES)),
            "the prompts of a Python session",
        ),
        (joined(f"In [1]: {LINES[0]}", *(f"   ...: {line}" for line in LINES[1:])), "the prompts of a Python session"),
        (joined(*(f"{number} {line}" for number, line in enumerate(LINES, 1))), "the numbers of its lines"),
        (joined(*(f"{number:3}. {line}" for number, line in enumerate(LINES, 9))), "the numbers of its lines"),
        (f"Try this:\n```python\n{TUTORIAL}```\nIt counts.", "the marks of a code block"),
        (TUTORIAL.replace('"', "\u201c", 1).replace('"', "\u201d"), SIGNS),
        (TUTORIAL.replace("(key, count)", "(key，count)").replace("[int]):", "[int])：").replace("，", "， "), SIGNS),
        (joined(*(f"    {line}" for line in LINES)), "the indentation of where it stood"),
        (TUTORIAL.replace('"', "&quot;"), "the marks of a web page"),
        (f'<pre class="py"><code>{TUTORIAL}</code></pre>', "the marks of a web page"),
        (TUTORIAL.replace("    ", "\u00a0\u00a0\u00a0\u00a0"), "spaces that are none to Python"),
        ("\ufeff" + TUTORIAL, "characters that cannot be seen"),
        (TUTORIAL.replace("        ", "\t\t"), "tabs among spaces"),
    ],
)
def test_what_a_text_was_pasted_with_is_left_out(pasted, what):
    paste = cleaned(pasted)
    assert paste is not None
    assert paste.what == what
    assert paste.code.strip() == TUTORIAL.strip()


def test_what_python_answered_at_its_prompts_is_left_out_too():
    paste = cleaned(">>> x = 1\n>>> x\n1\n")
    assert paste is not None
    assert paste.code == "x = 1\nx\n"


def test_blank_lines_that_have_numbers_are_blank_again():
    paste = cleaned("1 x = 1\n2\n3 y = 2\n")
    assert paste is not None
    assert paste.code == "x = 1\n\ny = 2\n"


def test_a_tab_inside_a_text_is_no_indentation():
    paste = cleaned("if x:\n\ty = 'a\tb'\n        z = 1\n")
    assert paste is not None
    assert paste.code == "if x:\n    y = 'a\tb'\n        z = 1\n"


def test_a_fence_with_a_million_spaces_behind_it_is_looked_at_once():
    assert cleaned("```" + " " * 1_000_000 + "!") is None


def test_the_commands_of_a_notebook_stay_as_comments_so_that_lines_keep_their_numbers():
    paste = cleaned(f"%pip install shop\n!ls -l\n%%time\n{TUTORIAL}x = 7 \\\n    % 2\n")
    assert paste is not None
    assert paste.what == "the commands of a notebook"
    assert paste.code == f"# %pip install shop\n# !ls -l\n# %%time\n{TUTORIAL}x = 7 \\\n    % 2\n"


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Visits\n", "as they come"]},
        {"cell_type": "code", "execution_count": None, "source": ["%pip install shop\n", "import math"]},
        {"cell_type": "code", "source": "%%sql\nSELECT 1"},
        {"cell_type": "code", "outputs": [{"text": ["7"]}], "source": TUTORIAL},
    ],
    "nbformat": 4,
}


def test_of_a_notebook_s_file_the_cells_of_python_are_left():
    paste = cleaned(json.dumps(NOTEBOOK))
    assert paste is not None
    assert paste.what == "the marks of a notebook's file and the commands of a notebook"
    assert paste.code == f"# %pip install shop\nimport math\n\n\n{TUTORIAL}"


@pytest.mark.parametrize("cells", [[], [7, {"cell_type": "code"}, {"cell_type": "code", "source": [1]}], "x", None])
def test_a_notebook_s_file_without_code_stays_as_it_is(cells):
    assert cleaned(json.dumps({"cells": cells, "cell_type": 1})) is None
    assert cleaned('{"cells": "cell_type" ' + "[" * 100_000) is None


def test_a_cell_of_another_language_is_a_comment_up_to_where_python_surely_begins():
    cells = "%md\n# Visits\n\nas they come\nimport math\n# COMMAND ----------\n%sql\nselect 1\n# COMMAND ----------\nx = 1\n"
    paste = cleaned(cells)
    assert paste is not None
    assert paste.code == (
        "# %md\n# # Visits\n\n# as they come\nimport math\n"
        "# COMMAND ----------\n# %sql\n# select 1\n# COMMAND ----------\nx = 1\n"
    )


def test_all_code_blocks_of_a_page_are_one_text():
    paste = cleaned(f"First\n```python\nimport math\n```\nand then\n```\n{TUTORIAL}```\n")
    assert paste is not None
    assert paste.code == f"import math\n\n{TUTORIAL}"


def test_a_sign_in_a_text_or_a_comment_stays():
    assert cleaned("x = '\u2026'  # \u2192 y\n") is None


@pytest.mark.parametrize("code", [TUTORIAL, "", "x = 1\n\ty = 2\n", "1\n", 'x = """\n>>> not a prompt\n"""\n'])
def test_a_text_without_such_things_stays_as_it_is(code):
    assert cleaned(code) is None


@given(st.text(alphabet=st.sampled_from(list(">.`~ \t\n1234567890In[]:|\u201c\ufeffx")), max_size=60))
def test_any_text_can_be_asked_about(text):
    paste = cleaned(text)
    assert paste is None or paste.code != text
