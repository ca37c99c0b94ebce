"""Programs that the kernel runs on each system call of a process: instructions, and what they can ask. No rule lives here.

Every rule is a short block that ends in an answer, or falls through to the next; so no jump is ever far.
"""

import struct
from typing import Final

ALLOW: Final = 0x7FFF_0000
KILL: Final = 0x8000_0000

_INSTRUCTION: Final = struct.Struct("<HBBI")
_LOAD, _AND, _RETURN, _EQUAL, _AT_LEAST, _ANY_BIT = 0x20, 0x54, 0x06, 0x15, 0x35, 0x45
# Where the kernel puts the call: its number, the processor, and six arguments of eight bytes, the low half first.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

Block = list[bytes]


def fail_with(errno: int) -> int:
    """The answer that makes a call fail with this error."""
    return 0x0005_0000 | errno


def answer(verdict: int) -> Block:
    return [_INSTRUCTION.pack(_RETURN, 0, 0, verdict)]


def load_number() -> Block:
    return [_INSTRUCTION.pack(_LOAD, 0, 0, _NUMBER)]


def load_architecture() -> Block:
    return [_INSTRUCTION.pack(_LOAD, 0, 0, _ARCHITECTURE)]


def load_low(argument: int) -> Block:
    return [_INSTRUCTION.pack(_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]


def load_high(argument: int) -> Block:
    return [_INSTRUCTION.pack(_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4)]


def keep_bits(mask: int) -> Block:
    return [_INSTRUCTION.pack(_AND, 0, 0, mask)]


def when_equal(value: int, then: Block) -> Block:
    return [_INSTRUCTION.pack(_EQUAL, 0, len(then), value), *then]


def when_not_equal(value: int, then: Block) -> Block:
    return [_INSTRUCTION.pack(_EQUAL, len(then), 0, value), *then]


def when_at_least(value: int, then: Block) -> Block:
    return [_INSTRUCTION.pack(_AT_LEAST, 0, len(then), value), *then]


def when_any_bit(mask: int, then: Block) -> Block:
    return [_INSTRUCTION.pack(_ANY_BIT, 0, len(then), mask), *then]
