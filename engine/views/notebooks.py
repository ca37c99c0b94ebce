"""The code of a notebook that was pasted as its file. Lives here: its cells from the JSON; what is in them is not run."""

import json
import re
from typing import Any, Final

#: The commands that make a cell one of another language, to its end.
OTHER_CELL: Final = re.compile(r"%{1,2}(?:sql|md|markdown|scala|sh|bash|script|r|R|html|javascript|js|writefile)\b")


def is_notebook(text: str) -> bool:
    """Whether a text is the file of a notebook, as far as its beginning and its words show."""
    return text.lstrip()[:1] == "{" and '"cells"' in text and '"cell_type"' in text


def code_of_notebook(text: str) -> str:
    """The cells of Python, one under the other; the text as it stands when it is no notebook's file."""
    if not is_notebook(text):
        return text
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        return text
    cells = notebook.get("cells")
    sources = [_source(cell) for cell in cells] if isinstance(cells, list) else []
    return "\n\n".join(source for source in sources if source) or text


def _source(cell: Any) -> str:
    """The text of a cell with Python, "" for any other."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return ""
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str)).strip()
    return f"{text}\n" if text and not OTHER_CELL.match(text) else ""
