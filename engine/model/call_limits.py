"""What one call may print, return and ask for: the words that tell that it was too much. Enforcing it does not live here.

The server knows these words again in what a worker says of a limit that cannot be seen from outside.
"""

from typing import Final

MAX_ROWS_PER_CALL: Final = 100_000
RETURNED_TOO_MUCH: Final = f"one call returned more than the {MAX_ROWS_PER_CALL:,} rows that it may return"
#: Whoever knows the size of the limit says it in place of this.
REFUSED_MEMORY: Final = "the function asked for more memory than a replay may have"


def printed_too_much(most_characters: int) -> str:
    return f"one call printed more than the {most_characters:,} characters that it may print"
