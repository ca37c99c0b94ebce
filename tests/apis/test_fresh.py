"""What a function remembers outside its state: nothing from one task to the next, whatever it keeps it in."""

import pytest

from engine.apis.fresh import Fresh
from engine.run_here import run_here
from tests.helpers import infos, replayed_in_pandas, scenario

TWO_BATCHES = ((0, "ab"), (1000, "ab"))
COUNTS = {
    "a variable of the module": """
count = 0
def fn(key, pdfs, state):
    global count
    count += 1
    yield pd.DataFrame({'info': [str(count)]})
""",
    "a dict of the module, changed in place": """
seen = {'calls': []}
def fn(key, pdfs, state):
    seen['calls'].append(key)
    yield pd.DataFrame({'info': [str(len(seen['calls']))]})
""",
    "a name that the function itself makes": """
def fn(key, pdfs, state):
    global calls
    if 'calls' not in globals():
        calls = []
    calls.append(key)
    yield pd.DataFrame({'info': [str(len(calls))]})
""",
    "a default argument": """
def fn(key, pdfs, state, seen=[]):
    seen.append(key)
    return [pd.DataFrame({'info': [str(len(seen))]})]
""",
    "a variable around the function": """
def counting():
    count = 0
    def counted(key, pdfs, state):
        nonlocal count
        count += 1
        return [pd.DataFrame({'info': [str(count)]})]
    return counted
fn = counting()
""",
    "an attribute of the function": """
def fn(key, pdfs, state):
    fn.count += 1
    return [pd.DataFrame({'info': [str(fn.count)]})]
fn.count = 0
""",
    "an attribute that the function gives itself": """
def fn(key, pdfs, state):
    fn.count = getattr(fn, 'count', 0) + 1
    return [pd.DataFrame({'info': [str(fn.count)]})]
""",
    "an attribute that the function gives a class": """
class Seen:
    pass
def fn(key, pdfs, state):
    Seen.count = getattr(Seen, 'count', 0) + 1
    return [pd.DataFrame({'info': [str(Seen.count)]})]
""",
    "an object that is called": """
class Counter:
    def __init__(self):
        self.count = 0
    def __call__(self, key, pdfs, state):
        self.count += 1
        return [pd.DataFrame({'info': [str(self.count)]})]
fn = Counter()
""",
    "the object of a method": """
class Counter:
    count = 0
    def called(self, key, pdfs, state):
        self.count += 1
        return [pd.DataFrame({'info': [str(self.count)]})]
fn = Counter().called
""",
    "an attribute of a class": """
class Seen:
    keys = []
def fn(key, pdfs, state):
    Seen.keys.append(key)
    return [pd.DataFrame({'info': [str(len(Seen.keys))]})]
""",
    "the arguments of a partial": """
from functools import partial
def with_seen(seen, key, pdfs, state):
    seen.append(key)
    return [pd.DataFrame({'info': [str(len(seen))]})]
fn = partial(with_seen, [])
""",
}


@pytest.mark.parametrize("code", COUNTS.values(), ids=COUNTS)
def test_it_lasts_for_the_keys_of_a_task_and_no_longer(code):
    assert infos(replayed_in_pandas(code, *TWO_BATCHES)) == ["1", "2", "1", "2"]


def test_timed_out_calls_are_a_task_of_their_own():
    code = COUNTS["a default argument"].replace("seen.append(key)", "seen.append(key); state.setTimeoutDuration(10)")
    trace = replayed_in_pandas(code, (0, "a"), (1000, "b"), timeout_conf="ProcessingTimeTimeout")
    assert [(call.reason, call.output) for call in trace.calls][1:] == [("data", [["1"]]), ("timeout", [["1"]])]


def test_two_names_of_one_list_stay_one():
    code = """
one = []
two = one
def fn(key, pdfs, state):
    one.append(key)
    yield pd.DataFrame({'info': [f'{len(two)} {one is two}']})
"""
    assert infos(replayed_in_pandas(code, *TWO_BATCHES)) == ["1 True", "2 True", "1 True", "2 True"]


def test_a_class_that_keeps_what_it_holds_is_left_alone():
    code = """
class Fixed(type):
    def __setattr__(cls, name, value):
        raise AttributeError(name)
class Limits(metaclass=Fixed):
    most = 3
def fn(key, pdfs, state):
    yield pd.DataFrame({'info': [str(Limits.most)]})
"""
    assert infos(replayed_in_pandas(code, *TWO_BATCHES)) == ["3"] * 4


def test_a_copy_that_fails_for_the_next_task_is_an_error_of_the_function():
    code = """
class Once:
    copies = 0
    def __deepcopy__(self, memo):
        Once.copies += 1
        if Once.copies > 1:
            raise ValueError('no more')
        return self
once = Once()
def fn(key, pdfs, state):
    return [pd.DataFrame({'info': [str(once)]})][:0]
"""
    error = replayed_in_pandas(code, *TWO_BATCHES).error
    assert (error.error_class, error.message) == ("ValueError", "no more")


def test_what_stands_ready_is_never_handed_out_itself():
    fresh = Fresh([["kept"]])
    fresh.copy()[0].append("changed")
    assert fresh.copy() == [["kept"]]


def test_what_cannot_be_copied_again_stays_as_it_is_in_a_second_replay():
    code = """
class Few:
    copies = 0
    def __deepcopy__(self, memo):
        Few.copies += 1
        if Few.copies > 1:
            exit()
        return self
few, seen = Few(), []
def updateState(key, values, state):
    seen.append(few)
    return [len(seen)]
"""
    assert infos(run_here(scenario(code, *TWO_BATCHES), names_anew=True)) == [1, 1]
