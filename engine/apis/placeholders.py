"""What an empty editor shows: the smallest function of each API. Lives here: these texts, which are never run."""

from typing import Final

UPDATE_STATE: Final = "def updateState(key, values, state):\n    ..."
APPLY_IN_PANDAS: Final = "def fn(key, pdfs, state):\n    for pdf in pdfs:\n        ...\n    yield pd.DataFrame({...})"
_PROCESSOR: Final = """\
class Processor(StatefulProcessor):
    def init(self, handle):
        self.count = handle.getValueState("count", "n long")

    def handleInputRows(self, key, rows, timerValues):
        {rows}
"""
IN_PANDAS: Final = _PROCESSOR.format(rows="for pdf in rows:\n            ...\n        yield pd.DataFrame({...})")
IN_ROWS: Final = _PROCESSOR.format(rows="for row in rows:\n            yield Row(...)")
