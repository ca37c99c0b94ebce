"""Which layers hold a worker. Lives here: their names only; what each of them does is in kernel.py.

All are on. They can be switched off where a runner is made, and nowhere else: for the tests that prove what each layer
is worth, and for the benchmark of what it costs. No setting, no scenario and nothing of the page reaches this.
"""

from typing import Final

import msgspec


class Hardening(msgspec.Struct, frozen=True):
    """The layers of a worker (docs/sandbox.md): the user it becomes when it is root, Landlock where the kernel has it,
    the limits of resources, and the filter of system calls, which is the boundary."""

    uid_drop: bool = True
    landlock: bool = True
    rlimits: bool = True
    seccomp: bool = True


ALL_LAYERS: Final = Hardening()


def hardening_to_text(hardening: Hardening) -> str:
    """The names of the layers that are on, for the command line of a zygote."""
    return ",".join(name for name, is_on in msgspec.structs.asdict(hardening).items() if is_on)


def hardening_from_text(text: str) -> Hardening:
    names = text.split(",")
    return Hardening(**{name: name in names for name in Hardening.__struct_fields__})
