"""The kernel's side of a filter, as far as filters here go: runs one on a system call and says what it answers.

With it the filter of a processor that is not there can be tried, and one call at a time looked at.
"""

import struct
from collections.abc import Sequence


def answer(program: bytes, audit_arch: int, number: int, arguments: Sequence[int] = ()) -> int:
    """What the filter returns for this call. Raises KeyError for an instruction that no filter here has."""
    call = struct.pack("<IIQ6Q", number, audit_arch, 0, *[*arguments, *[0] * (6 - len(arguments))])
    instructions = list(struct.iter_unpack("<HBBI", program))
    value, at = 0, 0
    while True:
        code, if_true, if_false, operand = instructions[at]
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("<I", call, operand)
            case 0x54:
                value &= operand
            case 0x06:
                return operand
            case _:
                holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
                at += if_true if holds else if_false
