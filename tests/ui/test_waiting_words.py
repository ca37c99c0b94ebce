"""A visitor whose replay waits reads what it waits for."""

import pytest

from engine.sandbox import Progress
from ui.panels.status import why_it_waits


@pytest.mark.parametrize(
    ("place", "is_held", "words"),
    [
        (0, False, "Waiting for a free place"),
        (1, False, "Waiting for a free place: yours is the next replay"),
        (2, False, "Waiting for a free place: one replay is ahead of yours"),
        (41, False, "Waiting for a free place: 40 replays are ahead of yours"),
        (0, True, "Waiting until another replay of yours has ended"),
    ],
)
def test_the_place_in_the_line_is_told_in_words(place, is_held, words):
    assert why_it_waits(Progress(True, 0, 3, place, is_held)) == words
