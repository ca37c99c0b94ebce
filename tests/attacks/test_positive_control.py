"""Without the layers the same attacks reach what they are after: so they are attacks, and the layers are what stops them."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from tests.attacks.catalog import Attack, Identity, attacks

pytestmark = pytest.mark.slow


def attacks_that_reach() -> Iterator[Any]:
    for identity in get_args(Identity):
        for attack in attacks().values():
            if identity in attack.reaches:
                yield pytest.param(identity, attack, id=f"{attack.name}-as-{identity}")


@pytest.mark.parametrize(("identity", "attack"), [*attacks_that_reach()])
def test_without_layers_it_gets_through(server_of: Callable[..., Any], identity: Identity, attack: Attack) -> None:
    told = server_of(identity, "--without-layers").fire(attack.name)
    assert told["verdict"] == "escaped", told["error"]
