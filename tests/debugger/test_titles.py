"""A title stays over code that was edited or built upon, and not over another text."""

import pytest

from engine.debugger.titles import is_of_the_same_code
from tests.helpers import TUTORIAL

OWN = """\
import pandas as pd

def updateState(key, values, state):
    if state.hasTimedOut():
        state.remove()
        return []
    longest = max(values, key=len)
    state.update(longest)
    yield key, longest
"""


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (TUTORIAL, True),
        (TUTORIAL.replace("10 minutes", "1 hour"), True),
        ("# mine\nimport pandas as pd\n\n" + TUTORIAL.replace("    ", "        "), True),
        (OWN + TUTORIAL, True),
        (TUTORIAL[:60], True),
        (OWN, False),
        ("import pandas as pd\n# nothing else\n", True),
    ],
    ids=["itself", "a line edited", "indented and commented", "built upon", "cut short", "another function", "no code"],
)
def test_half_the_lines_of_the_shorter_text_say_whether_it_is_the_same_code(other, is_same):
    assert is_of_the_same_code(TUTORIAL, other) is is_same
    assert is_of_the_same_code(other, TUTORIAL) is is_same
