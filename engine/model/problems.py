"""What is wrong with an input, told at its place. Lives here: the noun only. Finding problems is the reader's job."""

import msgspec

from engine.model.visible import visible


class Problem(msgspec.Struct, frozen=True):
    """One thing that keeps an input from becoming a scenario.

    `where` names the place in the user's own terms ("line 3, column 5", "batches[2].rows[0]", "key"), `what` is
    wrong there, `mend` says how to put it right. `line` and `column` count from 1 and are there when the input is text.
    """

    where: str
    what: str
    mend: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """The problem as it is told: what it quotes may be a stranger's text."""
        return visible(f"{self.where}: {self.what}. {self.mend}")
