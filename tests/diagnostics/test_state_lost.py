"""What a function meant to remember and did not."""

import pytest

from tests.diagnostics.found import found
from tests.helpers import TUTORIAL, replayed

IN_PLACE = """\
def updateState(key, values, state):
    seen = state.get() if state.exists else []
    if not state.exists:
        state.update(seen)
    seen.extend(values)
"""


class TestChangedWithoutUpdate:
    def test_it_fires_when_a_value_is_changed_in_place(self):
        finding = found(replayed(IN_PLACE, (0, "a"), (1, "a"), (2, "a")))["changed-without-update"]
        assert (finding.count, finding.call_index, finding.line) == (2, 1, 2)
        assert "changed [1] in that copy" in finding.why
        assert finding.code == "state.update(value)"

    @pytest.mark.parametrize(
        "code",
        [
            IN_PLACE + "    state.update(seen)\n",
            IN_PLACE + "    state.remove()\n",
            IN_PLACE.replace("    seen.extend(values)\n", "    seen = seen + list(values)\n"),
            TUTORIAL,
        ],
        ids=["given back", "removed", "another list", "a number"],
    )
    def test_it_does_not_fire_when_nothing_is_lost(self, code):
        assert "changed-without-update" not in found(replayed(code, (0, "a"), (1, "a"), (2, "a")))


class TestNothingIsStored:
    def test_it_fires_when_a_key_comes_again_to_a_function_that_stores_nothing(self):
        finding = found(replayed("def updateState(key, values, state): return [(key, 1)]\n", (0, "a b"), (1, "b")))
        assert finding["nothing-is-stored"].call_index == 2

    @pytest.mark.parametrize(
        ("code", "batches"),
        [
            (TUTORIAL, ((0, "a"), (1, "a"))),
            ("def updateState(key, values, state): return []\n", ((0, "a"), (1, "b"))),
            ("def updateState(key, values, state): 1 / 0\n", ((0, "a"), (1, "a"))),
        ],
        ids=["stores", "no key twice", "failed"],
    )
    def test_it_does_not_fire_otherwise(self, code, batches):
        assert "nothing-is-stored" not in found(replayed(code, *batches))
