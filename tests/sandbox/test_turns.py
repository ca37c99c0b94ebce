"""Visitors take turns: whose order is next, whatever else runs. The same with real processes is in test_fairness.py."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sandbox.turns import Turns


class Order:
    """As much of a job as turns look at; it is told by its name, such as A0: visitor A, purpose 0."""

    def __init__(self, name: str) -> None:
        self.name, self.visitor, self.purpose = name, ord(name[0]), int(name[1])


def line(places: int, names: str) -> tuple[Turns, dict[str, Order]]:
    """Orders that came one after another, none of which was begun."""
    turns, orders = Turns(places), {name: Order(name) for name in names.split()}
    for order in orders.values():
        assert turns.add(order) is None
    return turns, orders


def in_turn(turns: Turns) -> list[tuple[str, int]]:
    return [(turn.job.name, turn.place) for turn in turns.in_turn()]


def begun(turns: Turns, times: int = 99) -> str:
    """The names of those that begin now, in this order."""
    return " ".join(order.name for order in taken(turns, times))


def taken(turns: Turns, times: int) -> Iterator[Order]:
    for _ in range(times):
        order = turns.begin_next()
        if order is None:
            return
        yield order


@pytest.mark.parametrize(
    ("places", "came", "begin"),
    [
        (1, "A0 B0 C0", "A0"),
        (3, "A0 B0 C0 D0", "A0 B0 C0"),
        (8, "A0 A1 A2 B0", "A0 B0 A1"),
        (8, "A0 A1 A2 B0 B1 C0", "A0 B0 C0 A1 B1"),
        (16, "A0 A1 A2 A3 A4 A5", "A0 A1 A2 A3"),
    ],
    ids=["in order of arrival", "as many as there are places", "B is before A's second", "in rounds", "a quarter each"],
)
def test_visitors_begin_in_turn_and_each_has_at_most_a_quarter_of_the_places(places, came, begin):
    assert begun(line(places, came)[0]) == begin


def test_with_one_place_two_visitors_take_turns():
    turns, orders = line(1, "A0 A1 A2 B0 B1")
    order, seen = orders["A0"], []
    while (order := turns.begin_next()) is not None:
        seen.append(order.name)
        turns.end(order)
    assert seen == ["A0", "B0", "A1", "B1", "A2"]


def test_who_waits_is_told_how_many_begin_before_or_that_he_waits_for_his_own():
    turns, _ = line(4, "A0 A1 B0")
    assert in_turn(turns) == [("A0", 1), ("B0", 2), ("A1", 0)]
    assert begun(turns) == "A0 B0"
    assert in_turn(turns) == [("A1", 0)]


def test_a_newer_order_for_the_same_takes_the_place_of_the_one_that_waits():
    turns, orders = line(1, "A0 B0 C0")
    newer = Order("B0")
    assert turns.add(newer) is orders["B0"]
    assert [turn.job for turn in turns.in_turn()] == [orders["A0"], newer, orders["C0"]]
    assert not turns.leave(orders["B0"])  # it is gone already, and takes nobody with it
    assert len(turns) == 3


def test_who_leaves_is_waited_for_no_more_and_the_others_move_up():
    turns, orders = line(1, "A0 B0 C0")
    assert turns.leave(orders["A0"])
    assert in_turn(turns) == [("B0", 1), ("C0", 2)]


def test_who_was_served_stands_behind_those_who_came_meanwhile_but_before_those_who_come_later():
    turns, orders = line(1, "A0 A1 B0")
    assert begun(turns, 1) == "A0"
    turns.add(Order("C0"))
    turns.end(orders["A0"])
    assert in_turn(turns) == [("B0", 1), ("A1", 2), ("C0", 3)]


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(0, 3), st.booleans()), max_size=30), st.integers(1, 9))
def test_no_place_is_free_while_somebody_may_have_it_and_in_the_end_all_were_served(steps, places):
    turns, running = Turns(places), []
    for visitor, purpose, ends in steps:
        turns.add(Order(f"{visitor}{purpose}"))
        running += taken(turns, 99)
        assert len(running) <= places
        assert len(running) == places or all(turn.place == 0 for turn in turns.in_turn())
        if ends and running:
            turns.end(running.pop(0))
    while running := [*running, *taken(turns, 99)]:
        turns.end(running.pop())
    assert (len(turns), vars(turns)["_visitors"]) == (0, {})
