"""Which calls are of one key. Lives here: that one question; order and names of keys do not."""

import math

from engine.model.trace import Key


def same_key(key: Key) -> Key:
    """The key, such that calls of one key have equal ones: Spark groups NaN with NaN, Python holds them for unequal."""
    for cell in key or ():
        if isinstance(cell, float) and math.isnan(cell):
            return tuple(math.nan if isinstance(cell, float) and math.isnan(cell) else cell for cell in key or ())
    return key
