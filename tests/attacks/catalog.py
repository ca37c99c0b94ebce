"""What an attack is, and all there are. Lives here: their names, verdicts and sources; who runs them is the range."""

import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

from tests.attacks import families, toolbox

#: "blocked": refused with an exception that the trace shows; "stopped": killed, or told to stop; "harmless": it ran to
#: its end and reached nothing. Whatever else happens is "escaped", which no attack may.
Verdict = Literal["blocked", "stopped", "harmless", "escaped"]
Identity = Literal["root", "nobody"]
_Function = Callable[..., Any]
_MADE: Final[dict[str, "Attack"]] = {}


class Attack(msgspec.Struct, frozen=True):
    """`may` are the verdicts that it may get. Without any layer it reaches what it is after for the identities in
    `reaches`; where that is empty it proves only that nothing breaks. `takes_its_time` when it ends by the clock."""

    name: str
    family: str
    may: tuple[Verdict, ...]
    reaches: tuple[Identity, ...]
    takes_its_time: bool
    source: str

    def code(self, target: dict[str, Any]) -> str:
        """The scenario's function: in the second batch it attacks, in the others it is honest."""
        return "\n".join(
            (
                inspect.getsource(toolbox),
                f"t = Target(**{target!r})",
                self.source,
                "def updateState(key, values, state):",
                "    t.key, t.state = key, state",
                f"    return [({self.name}(t) if key == 'attack' else key,)]",
            )
        )


def attack(
    *may: Verdict, reaches: tuple[Identity, ...] = (), takes_its_time: bool = False
) -> Callable[[_Function], _Function]:
    """Enter a function into the catalogue; it is called with a `Target`."""

    def enter(function: _Function) -> _Function:
        source = textwrap.dedent(inspect.getsource(function))
        family = function.__module__.rsplit(".", 1)[1]
        name = function.__name__
        assert name not in _MADE, f"two attacks are called {name}"
        _MADE[name] = Attack(name, family, may, reaches, takes_its_time, source[source.index("def ") :])
        return function

    return enter


def attacks() -> dict[str, Attack]:
    """All attacks by name."""
    for family in pkgutil.iter_modules(families.__path__):
        importlib.import_module(f"{families.__name__}.{family.name}")
    return _MADE
