"""Every attack gets a verdict that it may get, touches nothing, and leaves the next replay as it was."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.attacks.catalog import Attack, Identity, attacks


def attacks_as(identity: Identity) -> Iterator[Any]:
    """All attacks as parameters; those by another identity than most hosts have, or by the clock, are slow."""
    for attack in attacks().values():
        is_slow = identity == "root" or attack.takes_its_time
        marks = [pytest.mark.slow] if is_slow else []
        yield pytest.param(identity, attack, id=f"{attack.family}-{attack.name}-as-{identity}", marks=marks)


@pytest.mark.parametrize(("identity", "attack"), [*attacks_as("nobody"), *attacks_as("root")])
def test_it_reaches_nothing_and_the_next_visitor_does_not_notice(
    server_of: Callable[..., Any], identity: Identity, attack: Attack
) -> None:
    told = server_of(identity).fire(attack.name)
    assert told["touched"] == []
    assert told["verdict"] in attack.may, told["error"]
    assert told["broke_the_page"] == ""
    assert told["next_is_honest"]
