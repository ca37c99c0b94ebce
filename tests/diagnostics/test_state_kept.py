"""State that stays, or goes by a rule that Spark does not have: each finding fires where it must, and not elsewhere."""

import pytest

from tests.diagnostics.found import found
from tests.helpers import MINUTE_MS, TUTORIAL, replayed, replayed_in_pandas

QUIET = ((0, "hello hello spark"), (MINUTE_MS, "hello"), (12 * MINUTE_MS, ""))
FORGETS = TUTORIAL.replace("        return []", "        state.remove()\n        return []")
NO_TIMEOUT = "def updateState(key, values, state):\n    state.update(1)\n"


class TestTimedOutStateIsKept:
    def test_it_fires_where_spark_keeps_what_the_tutorial_forgets(self):
        finding = found(replayed(TUTORIAL, *QUIET, semantics="spark"))["timed-out-state-is-kept"]
        assert (finding.count, finding.call_index, finding.line) == (2, 3, 2)
        assert finding.code == "state.remove()"
        assert "in Spark a timeout deletes nothing" in finding.why

    def test_the_line_to_add_uses_the_functions_own_name_of_the_state(self):
        code = TUTORIAL.replace("state", "memory").replace("updateState", "count").replace("updatememory", "count")
        trace = replayed(code.replace("def updateState", "def count"), *QUIET, semantics="spark")
        assert found(trace)["timed-out-state-is-kept"].code == "memory.remove()"

    def test_a_function_that_does_not_ask_gets_the_question_too(self):
        code = "def updateState(key, values, state):\n    if not state.exists:\n        state.update(1)\n"
        code += '        state.setTimeoutDuration("1 minute")\n'
        finding = found(replayed(code, *QUIET, semantics="spark"))["timed-out-state-is-kept"]
        assert finding.code.startswith("if state.hasTimedOut:\n    state.remove()")

    @pytest.mark.parametrize(
        ("code", "semantics"),
        [
            (FORGETS, "spark"),
            (TUTORIAL, "tutorial"),
            (TUTORIAL.replace("        return []", "        state.update(0)\n        return []"), "spark"),
            (TUTORIAL.replace("        return []", '        state.setTimeoutDuration("1 hour")'), "spark"),
        ],
        ids=["removed", "tutorial", "updated on purpose", "timeout renewed"],
    )
    def test_it_does_not_fire_where_the_call_decides_about_the_state(self, code, semantics):
        assert "timed-out-state-is-kept" not in found(replayed(code, *QUIET, semantics=semantics))


class TestZombieTimeout:
    CODE = """\
def fn(key, pdfs, state):
    if state.hasTimedOut:
        {}
        return []
    state.update((1,))
    state.setTimeoutDuration(60_000)
    return []
"""
    BATCHES = ((0, "ab"), (2 * MINUTE_MS, ""), (3 * MINUTE_MS, ""))

    def replayed(self, line):
        return found(replayed_in_pandas(self.CODE.format(line), *self.BATCHES, timeout_conf="ProcessingTimeTimeout"))

    def test_it_fires_once_for_each_call_that_left_the_timeout_that_was_due(self):
        finding = self.replayed("pass")["zombie-timeout"]
        assert (finding.count, finding.call_index, finding.line) == (4, 2, 2)
        assert finding.code == "state.remove()"
        assert "timed-out-state-is-kept" not in self.replayed("pass")

    @pytest.mark.parametrize("line", ["state.remove()", "state.update((2,))", "state.setTimeoutDuration(600_000)"])
    def test_it_does_not_fire_where_the_call_touches_its_state(self, line):
        assert "zombie-timeout" not in self.replayed(line)

    def test_the_jvm_clears_the_timeout_and_has_no_zombies(self):
        assert "zombie-timeout" not in found(replayed(TUTORIAL, *QUIET, semantics="spark"))


class TestForgottenOnlyByTheTutorial:
    def test_it_fires_for_the_tutorial_itself(self):
        finding = found(replayed(TUTORIAL, *QUIET))["forgotten-only-by-the-tutorial"]
        assert (finding.count, finding.call_index) == (2, 3)
        assert "Switch to Spark's rules" in finding.why

    @pytest.mark.parametrize(("code", "semantics"), [(FORGETS, "tutorial"), (TUTORIAL, "spark")])
    def test_it_does_not_fire_when_the_function_removes_or_nothing_is_forgotten(self, code, semantics):
        assert "forgotten-only-by-the-tutorial" not in found(replayed(code, *QUIET, semantics=semantics))


class TestStateIsNeverRemoved:
    def test_it_fires_when_keys_only_come_and_names_the_quietest(self):
        finding = found(replayed(NO_TIMEOUT, (0, "a b"), (1, "b c")))["state-is-never-removed"]
        assert (finding.count, finding.call_index) == (3, 0)
        assert "a, for one, was last seen in call 1" in finding.why

    @pytest.mark.parametrize(
        ("code", "batches"),
        [
            (NO_TIMEOUT + "    if key == 'z': state.remove()\n", ((0, "a"), (1, "b"))),
            (NO_TIMEOUT, ((0, "a b"),)),
            (TUTORIAL, ((0, "a"), (1, "b"))),
            (TUTORIAL, QUIET),
            ("def updateState(key, values, state): return []\n", ((0, "a"), (1, "b"))),
        ],
        ids=["remove in the source", "one batch", "all wait for a timeout", "all forgotten", "nothing stored"],
    )
    def test_it_does_not_fire_where_state_may_still_go(self, code, batches):
        assert "state-is-never-removed" not in found(replayed(code, *batches))

    def test_a_remove_in_a_comment_or_text_is_no_remove(self):
        code = NO_TIMEOUT + "    # state.remove()\n    print('state.remove()')\n"
        assert "state-is-never-removed" in found(replayed(code, (0, "a"), (1, "b")))


class TestTimeoutWithoutAValue:
    def test_it_fires_when_remove_and_a_timeout_meet_in_one_call(self):
        code = "def updateState(key, values, state):\n    state.remove()\n    state.setTimeoutDuration(5000)\n"
        finding = found(replayed(code, (0, "a")))["timeout-without-a-value"]
        assert (finding.line, finding.call_index) == (3, 0)

    def test_it_does_not_fire_for_a_timeout_with_a_value(self):
        assert "timeout-without-a-value" not in found(replayed(TUTORIAL, *QUIET))
