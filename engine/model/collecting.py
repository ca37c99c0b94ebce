"""Reading without the garbage collector, which looks at every list again and again while millions are made. Only that is here."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """What is made here is plain data without cycles: a stranger's frame of a million empty lists was read nine times as long.

    Of two threads that read at once, the first to end has it collect again; it is never left off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
